// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/coding.hpp"

#ifdef SEAMARK_TEST_ZLIB
#include <zlib.h>
#endif
#ifdef SEAMARK_TEST_LIBBROTLIENC
#include <brotli/encode.h>
#endif
#ifdef SEAMARK_TEST_LIBZSTD
#include <zstd.h>
#endif

namespace seamark::test {

const char* name(Coding coding) {
    switch (coding) {
        case Coding::kGzip:
            return "gzip";
        case Coding::kDeflate:
        case Coding::kRawDeflate:
            return "deflate";
        case Coding::kBrotli:
            return "br";
        case Coding::kZstd:
            return "zstd";
    }
    return "";
}

const char* title(Coding coding) {
    return coding == Coding::kRawDeflate ? "raw_deflate" : name(coding);
}

enum class Step : std::uint8_t { kGoOn, kFlush, kFinish };

struct Coded::Compressor {
    virtual ~Compressor() = default;
    virtual void take(std::string_view data, Step step) = 0;
    std::string bytes;
    char room[1 << 15];
};

namespace {

#ifdef SEAMARK_TEST_ZLIB
template <typename Base>
struct Zlib final : Base {
    Zlib(int window_bits, int level) {
        deflateInit2(&stream, level, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
    }
    ~Zlib() override { deflateEnd(&stream); }
    void take(std::string_view data, Step step) override {
        stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
        stream.avail_in = static_cast<uInt>(data.size());
        const int how = step == Step::kGoOn    ? Z_NO_FLUSH
                        : step == Step::kFlush ? Z_SYNC_FLUSH
                                               : Z_FINISH;
        do {
            stream.next_out = reinterpret_cast<Bytef*>(this->room);
            stream.avail_out = sizeof this->room;
            deflate(&stream, how);
            this->bytes.append(this->room, sizeof this->room - stream.avail_out);
        } while (stream.avail_out == 0);
    }
    z_stream stream{};
};
#endif

#ifdef SEAMARK_TEST_LIBBROTLIENC
template <typename Base>
struct Brotli final : Base {
    explicit Brotli(int level) : encoder(BrotliEncoderCreateInstance(nullptr, nullptr, nullptr)) {
        BrotliEncoderSetParameter(encoder, BROTLI_PARAM_QUALITY, static_cast<std::uint32_t>(level));
    }
    ~Brotli() override { BrotliEncoderDestroyInstance(encoder); }
    void take(std::string_view data, Step step) override {
        std::size_t left = data.size();
        auto* next = reinterpret_cast<const std::uint8_t*>(data.data());
        const auto how = step == Step::kGoOn    ? BROTLI_OPERATION_PROCESS
                         : step == Step::kFlush ? BROTLI_OPERATION_FLUSH
                                                : BROTLI_OPERATION_FINISH;
        do {
            std::size_t free = sizeof this->room;
            auto* out = reinterpret_cast<std::uint8_t*>(this->room);
            BrotliEncoderCompressStream(encoder, how, &left, &next, &free, &out, nullptr);
            this->bytes.append(this->room, sizeof this->room - free);
        } while (left > 0 || BrotliEncoderHasMoreOutput(encoder) != 0);
    }
    BrotliEncoderState* encoder;
};
#endif

#ifdef SEAMARK_TEST_LIBZSTD
template <typename Base>
struct Zstd final : Base {
    explicit Zstd(int level) : stream(ZSTD_createCStream()) {
        ZSTD_CCtx_setParameter(stream, ZSTD_c_compressionLevel, level == 0 ? -20 : level);
        ZSTD_CCtx_setParameter(stream, ZSTD_c_checksumFlag, level == 0 ? 1 : 0);
    }
    ~Zstd() override { ZSTD_freeCStream(stream); }
    void take(std::string_view data, Step step) override {
        ZSTD_inBuffer in{data.data(), data.size(), 0};
        const auto how = step == Step::kGoOn    ? ZSTD_e_continue
                         : step == Step::kFlush ? ZSTD_e_flush
                                                : ZSTD_e_end;
        std::size_t left = 0;
        do {
            ZSTD_outBuffer out{this->room, sizeof this->room, 0};
            left = ZSTD_compressStream2(stream, &out, &in, how);
            this->bytes.append(this->room, out.pos);
        } while (in.pos < in.size || (step != Step::kGoOn && left > 0));
    }
    ZSTD_CStream* stream;
};
#endif

}  // namespace

Coded::Coded(Coding coding, int level) {
    switch (coding) {
        case Coding::kGzip:
        case Coding::kDeflate:
        case Coding::kRawDeflate:
#ifdef SEAMARK_TEST_ZLIB
            compressor_ = std::make_unique<Zlib<Compressor>>(coding == Coding::kGzip      ? 15 + 16
                                                             : coding == Coding::kDeflate ? 15
                                                                                          : -15,
                                                             level);
#endif
            break;
        case Coding::kBrotli:
#ifdef SEAMARK_TEST_LIBBROTLIENC
            compressor_ = std::make_unique<Brotli<Compressor>>(level);
#endif
            break;
        case Coding::kZstd:
#ifdef SEAMARK_TEST_LIBZSTD
            compressor_ = std::make_unique<Zstd<Compressor>>(level);
#endif
            break;
    }
}

Coded::~Coded() = default;

void Coded::write(std::string_view data) {
    if (compressor_) compressor_->take(data, Step::kGoOn);
}

void Coded::flush() {
    if (compressor_) compressor_->take({}, Step::kFlush);
}

std::string Coded::finish() {
    if (!compressor_) return {};
    compressor_->take({}, Step::kFinish);
    return compressor_->bytes;
}

const std::string& Coded::bytes() const {
    static const std::string none;
    return compressor_ ? compressor_->bytes : none;
}

}  // namespace seamark::test
