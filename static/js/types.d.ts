/** What the server would like to be sent. `width` bounds the longer side, in pixels. */
export interface Capture {
  width: number;
  /** JPEG quality, 0 to 1. */
  quality: number;
  fps: number;
}

/** The JSON in the live page's `#config` element. */
export interface PageConfig {
  capture: Capture;
  max_frame_bytes: number;
  /** Frames that may be on their way at once. */
  credit: number;
  detectors: string[];
  /** What is counted with unless something else is asked for. */
  detector: string;
}

export type SourceKind = "camera" | "screen" | "file";

export type Source =
  | { kind: "camera"; deviceId?: string; facing?: "user" | "environment" }
  | { kind: "screen" }
  /** `at`: where to go on, in seconds. */
  | { kind: "file"; file: File; at: number };

/** A source that plays. */
export interface Opened {
  source: Source;
  deviceId: string;
  /** A camera that looks at the person who looks at its screen. */
  front: boolean;
}

/** The acknowledgement of `configure` and `share`, docs/protocol.md. */
export interface WishAnswer {
  error?: { code: string; message: string };
  session?: { id: string; name: string; started_at: string } | null;
  token?: string | null;
}

export interface Face {
  id: number;
  /** x, y, width, height in pixels of the frame that was sent. */
  box: [number, number, number, number];
  confidence: number;
}

/** The acknowledgement of a frame that was processed. */
export interface FrameResult {
  seq: number;
  width: number;
  height: number;
  count: number;
  faces: Face[];
  peak: number;
  tracks_seen: number;
  timing: { queue_ms: number; process_ms: number };
  dropped: number;
  capture: Capture;
}

/** The acknowledgement of a frame that was not. */
export interface FrameRefusal {
  seq: number;
  error: { code: string; message: string };
}

export type FrameAck = FrameResult | FrameRefusal;

/** The server's `status` event. */
export interface ServerStatus {
  state: string;
  message: string;
  /** Seconds. */
  retry_after?: number;
  capture?: Capture;
  max_frame_bytes?: number;
  detectors?: string[];
}

/** One picture: the bytes that are sent and the bitmap that is drawn under its boxes. */
export interface Frame {
  bytes: ArrayBuffer;
  bitmap: ImageBitmap;
  width: number;
  height: number;
  /** `performance.now()` when it was taken. */
  capturedAt: number;
}

export interface Encoder {
  /** Takes the bitmap over and gives it back with the JPEG. */
  encode(
    bitmap: ImageBitmap,
    quality: number,
  ): Promise<{ bytes: ArrayBuffer; bitmap: ImageBitmap }>;
  destroy(): void;
}

export type StateName =
  | "idle"
  | "asking"
  | "choosing"
  | "connecting"
  | "live"
  | "waiting"
  | "offline"
  | "busy"
  | "draining"
  | "paused"
  | "insecure"
  | "denied"
  | "no-camera"
  | "in-use"
  | "unplugged"
  | "unshared"
  | "ended"
  | "bad-file"
  | "failed";

/** Everything the live page shows. The session and what serves it write it, components read it. */
export interface AppState {
  name: StateName;
  /** When the page tries again by itself (`performance.now()`), 0 if nothing is planned. */
  retryAt: number;
  count: number;
  peak: number;
  tracksSeen: number;
  /** The mean over the time in which there was a count; NaN before. */
  average: number;
  /** `Date.now()` of the first count of this run, 0 before. */
  startedAt: number;
  /** A passing remark beside a running count, and until when (`performance.now()`). */
  hint: "" | "no-face" | "reconnected" | "switched" | "unchanged";
  hintUntil: number;
  source: SourceKind;
  deviceId: string;
  front: boolean;
  mirrored: boolean;
  alert: string;
  streamName: string;
  recording: boolean;
  recordingId: string;
  /** `Date.now()`, 0 while nothing is recorded. */
  recordingSince: number;
  recordingProblem: "" | "failed" | "taken_over" | "deleted";
  shareUrl: string;
  sharingProblem: boolean;
  faces: Face[];
  results: number;
  resultsPerSecond: number;
  roundTripMs: number;
  bytesPerSecond: number;
  skipped: number;
  frameWidth: number;
  frameHeight: number;
  /** 0: as the server asked; more: steps below it (adapt.js). */
  level: number;
  /** The server itself asks for less than it did at first. */
  serverSaving: boolean;
  transport: string;
}

declare global {
  interface Window {
    streamapp?: {
      readonly stats?: () => import("./session.js").Stats;
      /** What the chart shows. */
      readonly chart: () => ReturnType<import("./chart.js").Chart["shown"]>;
    };
  }
}
