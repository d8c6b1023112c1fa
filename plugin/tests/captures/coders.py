# SPDX-License-Identifier: GPL-2.0-or-later
"""Content codings for tests, by what is not the plugin's: Python's zlib, Debian's python3-brotli, and libzstd by ctypes.

Each coding is a pair: a compressor with write(data), flush() and finish(), which return bytes, and a function that makes
a decoder, to which bytes are given one by one and which returns what became decodable with them.
"""

import ctypes
import ctypes.util
import zlib

try:
    import brotli
except ImportError:
    brotli = None


class ZlibCompressor:
    def __init__(self, bits, level):
        self._coder = zlib.compressobj(level, zlib.DEFLATED, bits)

    def write(self, data):
        return self._coder.compress(data)

    def flush(self):
        return self._coder.flush(zlib.Z_SYNC_FLUSH)

    def finish(self):
        return self._coder.flush(zlib.Z_FINISH)


class BrotliCompressor:
    def __init__(self, level):
        self._coder = brotli.Compressor(quality=level)

    def write(self, data):
        return self._coder.process(data)

    def flush(self):
        return self._coder.flush()

    def finish(self):
        return self._coder.finish()


class _Buffer(ctypes.Structure):
    _fields_ = [("data", ctypes.c_char_p), ("size", ctypes.c_size_t), ("pos", ctypes.c_size_t)]


class _Room(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("size", ctypes.c_size_t), ("pos", ctypes.c_size_t)]


def _load_zstd():
    name = ctypes.util.find_library("zstd") or "libzstd.so.1"
    try:
        library = ctypes.CDLL(name)
    except OSError:
        return None
    for function in ("ZSTD_createCStream", "ZSTD_createDStream"):
        getattr(library, function).restype = ctypes.c_void_p
    for function in ("ZSTD_compressStream2", "ZSTD_decompressStream", "ZSTD_CCtx_setParameter"):
        getattr(library, function).restype = ctypes.c_size_t
    return library


ZSTD = _load_zstd()
ROOM = 1 << 18


class ZstdCompressor:
    def __init__(self, level):
        self._stream = ctypes.c_void_p(ZSTD.ZSTD_createCStream())
        ZSTD.ZSTD_CCtx_setParameter(self._stream, 100, level)  # ZSTD_c_compressionLevel

    def _take(self, data, how):
        source = _Buffer(data, len(data), 0)
        out = b""
        while True:
            room = ctypes.create_string_buffer(ROOM)
            target = _Room(ctypes.cast(room, ctypes.c_void_p), ROOM, 0)
            left = ZSTD.ZSTD_compressStream2(self._stream, ctypes.byref(target), ctypes.byref(source), how)
            out += room.raw[:target.pos]
            if source.pos == source.size and (how == 0 or left == 0):
                return out

    def write(self, data):
        return self._take(data, 0)

    def flush(self):
        return self._take(b"", 1)

    def finish(self):
        return self._take(b"", 2)


class ZstdDecoder:
    def __init__(self):
        self._stream = ctypes.c_void_p(ZSTD.ZSTD_createDStream())
        self._room = ctypes.create_string_buffer(ROOM)

    def decompress(self, byte):
        source = _Buffer(byte, len(byte), 0)
        target = _Room(ctypes.cast(self._room, ctypes.c_void_p), ROOM, 0)
        hint = ZSTD.ZSTD_decompressStream(self._stream, ctypes.byref(target), ctypes.byref(source))
        if hint > 1 << 40 or source.pos != source.size:
            raise ValueError("libzstd did not take a byte")
        return self._room.raw[:target.pos]


# {coding: (makes a compressor of a level from 1 to 9, makes a decoder's function)}
CODINGS = {
    "gzip": (lambda level: ZlibCompressor(31, level), lambda: zlib.decompressobj(31).decompress),
    "deflate": (lambda level: ZlibCompressor(15, level), lambda: zlib.decompressobj(15).decompress),
    "raw deflate": (lambda level: ZlibCompressor(-15, level), lambda: zlib.decompressobj(-15).decompress),
}
if brotli:
    CODINGS["br"] = (BrotliCompressor, lambda: brotli.Decompressor().process)
if ZSTD:
    CODINGS["zstd"] = (ZstdCompressor, lambda: ZstdDecoder().decompress)


def given_after_each(coding, coded):
    """[bytes of data that a decoder has given out after each coded byte]."""
    decode, total, given = CODINGS[coding][1](), 0, []
    for i in range(len(coded)):
        total += len(decode(coded[i:i + 1]))
        given.append(total)
    return given


def decoded(coding, coded):
    """All of it, at once."""
    return CODINGS[coding][1]()(coded)
