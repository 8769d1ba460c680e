/** Named in the declarations of @msgpack/msgpack; one of the browser's types, which this project does not load. */
type BufferSource = ArrayBufferView | ArrayBuffer;
