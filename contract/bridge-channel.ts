/** The one IPC channel. It stands alone, so that the preload bundle holds nothing else. */
export const BRIDGE_CHANNEL = "breadthflow:bridge";
