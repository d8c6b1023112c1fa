// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/client/response_reader.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <optional>
#include <utility>

namespace seamark::net {

namespace beast = boost::beast;
namespace http = beast::http;

namespace {

constexpr std::uint32_t max_head = 64 * 1024;
constexpr unsigned most_interim = 100;
constexpr std::size_t minor_version = 7;    // its place in a status line
constexpr std::size_t max_line = max_head;  // of what is in front of a chunk's data or after them

/// A body that is handed on instead of kept; Beast's Body concept.
struct PassedOn {
    struct value_type {
        std::function<void(std::string_view)> to;
    };
    class reader {
      public:
        template <bool request, typename Fields>
        reader(http::header<request, Fields>&, value_type& body) : body_(body) {}
        void init(const boost::optional<std::uint64_t>&, beast::error_code& error) { error = {}; }
        template <typename Buffers>
        std::size_t put(const Buffers& buffers, beast::error_code& error) {
            error = {};
            std::size_t size = 0;
            for (const boost::asio::const_buffer piece : beast::buffers_range_ref(buffers)) {
                body_.to({static_cast<const char*>(piece.data()), piece.size()});
                size += piece.size();
            }
            return size;
        }
        void finish(beast::error_code& error) { error = {}; }

      private:
        value_type& body_;
    };
};

}  // namespace

struct ResponseReader::Parser : http::response_parser<PassedOn> {
    explicit Parser(std::function<void(std::string_view)> to) {
        header_limit(max_head);
        body_limit(boost::none);
        eager(true);
        get().body().to = std::move(to);
    }
};

ResponseReader::ResponseReader(std::function<void(std::string_view)> body)
    : body_([this, to = std::move(body)](std::string_view bytes) {
          body_bytes_ += bytes.size();
          to(bytes);
      }),
      parser_(std::make_unique<Parser>(body_)) {}

ResponseReader::~ResponseReader() = default;

/// Beast wants a space after the status code, and HTTP/1.0 or 1.1. False while bytes are missing
/// that decide.
bool ResponseReader::mend_status_line() {
    constexpr std::string_view form = "HTTP/1.d ddd\r\n";
    for (std::size_t at = 0; at < form.size(); ++at) {
        if (at == waiting_.size()) return false;
        const char c = waiting_[at];
        if (form[at] == 'd' ? c >= '0' && c <= '9' : c == form[at]) continue;
        mended_ = true;
        if (at > minor_version && waiting_[minor_version] > '1') waiting_[minor_version] = '1';
        return true;
    }
    mended_ = true;
    waiting_.insert(form.size() - 2, " ");
    if (waiting_[minor_version] > '1') waiting_[minor_version] = '1';
    return true;
}

bool ResponseReader::feed(std::string_view bytes) {
    begun_ = begun_ || !bytes.empty();
    waiting_ += bytes;
    std::size_t used = 0;
    while (used < waiting_.size() && !parser_->is_done()) {
        if (!mended_) {
            waiting_.erase(0, std::exchange(used, 0));
            if (!mend_status_line()) break;
        }
        beast::error_code error;
        const std::size_t taken = parser_->put(
            boost::asio::buffer(waiting_.data() + used, waiting_.size() - used), error);
        used += taken;
        if (error == http::error::need_more) break;
        if (error) {
            problem_ = error == http::error::header_limit
                           ? "its head is longer than " + std::to_string(max_head) + " bytes"
                           : error.message();
            return false;
        }
        const unsigned status = head_done() ? this->status() : 0;
        if (parser_->is_done() && status >= 100 && status < 200 && status != 101) {
            if (++interim_ > most_interim) {
                problem_ = "more than " + std::to_string(most_interim) +
                           " 1xx responses without a final one";
                return false;
            }
            parser_ = std::make_unique<Parser>(body_);
            mended_ = false;
            begun_ = used < waiting_.size();
        } else if (taken == 0) {
            break;
        }
    }
    waiting_.erase(0, used);
    if (waiting_.size() <= max_line || done()) return true;
    problem_ = "a size line or trailer section of more than " + std::to_string(max_line) + " bytes";
    return false;
}

bool ResponseReader::end() {
    if (done()) return true;
    if (!begun_) {
        problem_ = "the server closed the connection without an answer";
        return false;
    }
    beast::error_code error = http::error::partial_message;
    if (parser_->got_some()) parser_->put_eof(error);
    if (!error) return true;
    problem_ = head_done() ? "the server closed the connection in the middle of the body"
                           : "the server closed the connection in the middle of the head";
    return false;
}

bool ResponseReader::done() const {
    return parser_->is_done();
}

bool ResponseReader::head_done() const {
    return parser_->is_header_done();
}

unsigned ResponseReader::status() const {
    return parser_->get().result_int();
}

std::string ResponseReader::reason() const {
    return std::string(parser_->get().reason());
}

std::string ResponseReader::why_it_ends() const {
    if (status() == 101) return "it switched to another protocol";
    if (!waiting_.empty()) return "bytes arrived after the end of the response";
    if (parser_->need_eof()) return "its body ends where the connection does";
    const auto& fields = parser_->get();
    if (fields.version() < 11 && fields.count(http::field::transfer_encoding) > 0) {
        return "it is HTTP/1.0 and has Transfer-Encoding";
    }
    if (parser_->keep_alive()) return "";
    return fields.version() < 11 ? "it is HTTP/1.0 without Connection: keep-alive"
                                 : "Connection: close";
}

std::string ResponseReader::framing() const {
    if (status() / 100 == 1 || status() == 204 || status() == 304) return "none";
    if (parser_->chunked()) return "chunked";
    return parser_->content_length() ? "content-length" : "close";
}

}  // namespace seamark::net
