// Preloaded into npm, which would go on writing to node_modules after the set-up that started it
// was killed, and so get in the way of the next one.
const parent = process.ppid;

setInterval(() => {
  if (process.ppid !== parent || !isAlive(parent)) process.exit(1);
}, 200).unref();

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
