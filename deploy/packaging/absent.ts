/** In the place of what is never loaded. */
throw new Error("This is not part of the programs.");
