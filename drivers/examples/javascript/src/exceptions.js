// What JavaScript throws by itself and nobody catches would end the call as a bare trap. As the contract's `internal` it says where it was thrown.

/** Wraps every function of the contract but `describe`, which has no error to answer. */
export function asInternalErrors({ describe, ...functions }) {
  const wrapped = (call) => (...args) => {
    try {
      return call(...args);
    } catch (error) {
      // The contract's errors are plain objects; those of imports come in an exception.
      if (!(error instanceof Error)) throw error;
      if (error.payload !== undefined) throw error.payload;
      throw { tag: 'internal', val: `${error.name}: ${error.message} (${place(error)})` };
    }
  };
  return { describe, ...Object.fromEntries(Object.entries(functions).map(([name, call]) => [name, wrapped(call)])) };
}

/** Function and line of `build/bundle.js`, which has the sources' lines in order, each file's under its name. */
function place({ stack = '' }) {
  return stack.split('\n')[0].trim().replace(/@.*?([^/]+:\d+:\d+)$/, ' $1');
}
