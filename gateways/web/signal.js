// A short sound for a new order. Browsers allow sound only after the first touch, so it is woken by that.

const setting = "entrepot.store.sound";
let context;

export const soundOn = () => localStorage.getItem(setting) !== "off";
export function setSound(on) {
  localStorage.setItem(setting, on ? "on" : "off");
  if (on) ring();
}

function wake() {
  context ??= new AudioContext();
  if (context.state === "suspended") context.resume();
}
addEventListener("pointerdown", wake, { once: true });
addEventListener("keydown", wake, { once: true });

/** Two rising tones, and a short buzz where there is a motor. */
export function ring() {
  if (!soundOn()) return;
  if (!context) return; // not touched yet
  navigator.vibrate?.(120);
  if (context.state !== "running") return;
  [660, 880].forEach((pitch, index) => {
    const tone = context.createOscillator();
    const loud = context.createGain();
    const from = context.currentTime + index * 0.16;
    tone.frequency.value = pitch;
    loud.gain.setValueAtTime(0.0001, from);
    loud.gain.exponentialRampToValueAtTime(0.25, from + 0.02);
    loud.gain.exponentialRampToValueAtTime(0.0001, from + 0.15);
    tone.connect(loud).connect(context.destination);
    tone.start(from);
    tone.stop(from + 0.16);
  });
}
