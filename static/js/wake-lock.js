/**
 * Keeps the screen from going dark for as long as something is counted. The browser takes the lock
 * back whenever the page is hidden.
 *
 * @param {AbortSignal} signal
 */
export function keepAwake(signal) {
  if (!("wakeLock" in navigator)) return;
  /** @type {WakeLockSentinel | null} */
  let lock = null;
  const release = () => {
    lock?.release().catch(() => {});
    lock = null;
  };
  const ask = async () => {
    if (document.hidden || (lock && !lock.released)) return;
    try {
      lock = await navigator.wakeLock.request("screen");
      if (signal.aborted) release();
    } catch {
      // A phone that saves its battery says no; the count goes on until the screen goes dark.
    }
  };
  document.addEventListener("visibilitychange", ask, { signal });
  signal.addEventListener("abort", release, { once: true });
  ask();
}
