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
  | "failed";

/** Everything the live page shows. Components read it, only the session writes it. */
export interface AppState {
  name: StateName;
  /** The server's own sentence, where it sent one. */
  message: string;
  /** When the page tries again by itself (`performance.now()`), 0 if nothing is planned. */
  retryAt: number;
  count: number;
  peak: number;
  tracksSeen: number;
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
