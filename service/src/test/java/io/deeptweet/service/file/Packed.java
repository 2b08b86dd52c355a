// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.file;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** Compresses by every format that is read. */
enum Packed {
    GZIP(GZIPOutputStream::new),
    BZIP2(BZip2CompressorOutputStream::new),
    XZ(out -> new XZOutputStream(out, new LZMA2Options(1))),
    ZSTD(out -> new ZstdOutputStreamNoFinalizer(out).setChecksum(true)),
    ZIP(out -> {
        ZipOutputStream zip = new ZipOutputStream(out);
        zip.putNextEntry(new ZipEntry("folder/a.txt"));
        return zip;
    });

    private interface Compressor {
        OutputStream open(OutputStream out) throws IOException;
    }

    private final Compressor compressor;

    Packed(Compressor compressor) {
        this.compressor = compressor;
    }

    byte[] of(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = compressor.open(bytes)) {
            out.write(content);
        }
        return bytes.toByteArray();
    }
}
