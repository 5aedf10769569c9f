// For every promise the SDK keeps where it was made, and looks up each frame in the source map: with V8's ten frames
// that is two fifths of what a workflow costs. The first ones tell what a stack trace is read for.
Error.stackTraceLimit = 4;

export {};
