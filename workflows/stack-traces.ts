// The SDK keeps for every promise where it was made, and looks up each frame in the source map. With V8's ten frames
// that is two fifths of what a workflow costs. The first frames are enough to see where an error comes from.
Error.stackTraceLimit = 4;

export {};
