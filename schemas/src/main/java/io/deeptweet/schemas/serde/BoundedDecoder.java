// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.serde;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.util.Utf8;

/**
 * Decodes Avro from a byte array and allocates no more than the bytes can hold. Avro's own decoder allocates any length
 * that the bytes claim, up to 2 GB, before it finds them too short; its limits are system properties, which would be
 * the whole JVM's.
 */
final class BoundedDecoder extends Decoder {
    private final BinaryDecoder bytes;

    /** Reads from the same position; used for how much is left. */
    private final InputStream rest;

    BoundedDecoder(byte[] bytes, int offset, int length) {
        this.bytes = DecoderFactory.get().binaryDecoder(bytes, offset, length, null);
        this.rest = this.bytes.inputStream();
    }

    boolean isEnd() throws IOException {
        return bytes.isEnd();
    }

    /** The length of a string or of bytes, or how many items a block of an array or map has, each a byte or more. */
    private int bounded(long length) throws IOException {
        if (length < 0 || length > rest.available())
            throw new IOException("a length of " + length + " with " + rest.available() + " bytes left");
        return (int) length;
    }

    @Override
    public Utf8 readString(Utf8 old) throws IOException {
        int length = bounded(bytes.readLong());
        Utf8 string = old != null ? old : new Utf8();
        string.setByteLength(length);
        bytes.readFixed(string.getBytes(), 0, length);
        return string;
    }

    @Override
    public String readString() throws IOException {
        byte[] string = new byte[bounded(bytes.readLong())];
        bytes.readFixed(string);
        return new String(string, StandardCharsets.UTF_8);
    }

    @Override
    public ByteBuffer readBytes(ByteBuffer old) throws IOException {
        byte[] content = new byte[bounded(bytes.readLong())];
        bytes.readFixed(content);
        return ByteBuffer.wrap(content);
    }

    @Override
    public long readArrayStart() throws IOException {
        return bounded(bytes.readArrayStart());
    }

    @Override
    public long arrayNext() throws IOException {
        return bounded(bytes.arrayNext());
    }

    @Override
    public long readMapStart() throws IOException {
        return bounded(bytes.readMapStart());
    }

    @Override
    public long mapNext() throws IOException {
        return bounded(bytes.mapNext());
    }

    @Override
    public void readNull() throws IOException {
        bytes.readNull();
    }

    @Override
    public boolean readBoolean() throws IOException {
        return bytes.readBoolean();
    }

    @Override
    public int readInt() throws IOException {
        return bytes.readInt();
    }

    @Override
    public long readLong() throws IOException {
        return bytes.readLong();
    }

    @Override
    public float readFloat() throws IOException {
        return bytes.readFloat();
    }

    @Override
    public double readDouble() throws IOException {
        return bytes.readDouble();
    }

    @Override
    public void readFixed(byte[] target, int start, int length) throws IOException {
        bytes.readFixed(target, start, length);
    }

    @Override
    public int readEnum() throws IOException {
        return bytes.readEnum();
    }

    @Override
    public int readIndex() throws IOException {
        return bytes.readIndex();
    }

    @Override
    public void skipString() throws IOException {
        bytes.skipString();
    }

    @Override
    public void skipBytes() throws IOException {
        bytes.skipBytes();
    }

    @Override
    public void skipFixed(int length) throws IOException {
        bytes.skipFixed(length);
    }

    @Override
    public long skipArray() throws IOException {
        return bounded(bytes.skipArray());
    }

    @Override
    public long skipMap() throws IOException {
        return bounded(bytes.skipMap());
    }
}
