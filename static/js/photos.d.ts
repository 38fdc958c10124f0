/** The API's JSON of an image, as far as the pages read it. */
export interface PhotoAnswer {
  id: string;
  filename: string;
  count: number;
  annotated_url: string;
  /** Null for images from before there were thumbnails. */
  thumbnail_url?: string | null;
}

/** The form's wishes, sent with every file. */
export interface Wishes {
  detector: string;
  blur: boolean;
}

export type UploadState =
  "chosen" | "waiting" | "sending" | "counting" | "done" | "failed" | "cancelled";

/** One file on its way. The queue writes it, its row draws it. */
export interface UploadEntry {
  id: number;
  file: File;
  state: UploadState;
  /** Share of the bytes that have left, 0 to 1. */
  sent: number;
  /** A sentence for the person; the server's own where it sent one. */
  message: string;
  /** Of that sentence, where it is not the page's. */
  language: string;
  retryable: boolean;
  attempts: number;
  wishes: Wishes;
  answer: PhotoAnswer | null;
  controller: AbortController | null;
}

/** Sends one file; rejects with a Refusal. */
export type Send = (
  file: File,
  wishes: Wishes,
  onProgress: (sent: number) => void,
  signal: AbortSignal,
) => Promise<PhotoAnswer>;
