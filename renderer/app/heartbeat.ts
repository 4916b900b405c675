/** With the silence that is waited for, a core that hangs is seen within a second. */
const BEAT_MS = 400;
const SILENCE_MS = 550;

type Heart = { beat: () => Promise<unknown>; onSilence: () => void; onAnswer: () => void };

/** Asks for a sign of life while the window is looked at, one question at a time. */
export function watchHeartbeat({ beat, onSilence, onAnswer }: Heart): void {
  let asked = false;
  const ask = async () => {
    if (asked || document.hidden) return;
    asked = true;
    const silence = setTimeout(onSilence, SILENCE_MS);
    try {
      await beat();
      onAnswer();
    } catch {
      // The connection has closed, and tells so itself.
    } finally {
      clearTimeout(silence);
      asked = false;
    }
  };
  setInterval(ask, BEAT_MS);
}
