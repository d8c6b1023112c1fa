// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace seamark::net {

/// Takes the bytes of one response as they come, in pieces of any size, and hands on its body
/// without its framing. Up to 100 1xx responses in front of it are passed over. A status line may
/// lack its reason phrase, with or without the space in front of it, and a later HTTP/1.x is read
/// as HTTP/1.1 (RFC 9110 section 2.5). Knows no socket.
class ResponseReader {
  public:
    /// `body` is called with each piece of the body, in order.
    explicit ResponseReader(std::function<void(std::string_view)> body);
    ~ResponseReader();
    ResponseReader(const ResponseReader&) = delete;
    ResponseReader& operator=(const ResponseReader&) = delete;

    /// Takes bytes that were read. False if this is no HTTP/1.x response, or one whose head, size
    /// lines or trailer section are longer than 64 KiB; problem() says why.
    bool feed(std::string_view bytes);

    /// The peer has ended its stream. False if the response is not whole without it.
    bool end();

    bool done() const;           ///< the response is whole
    bool head_done() const;      ///< its head is
    unsigned status() const;     ///< when head_done()
    std::string reason() const;  ///< when head_done(): "OK"
    std::string framing()
        const;  ///< when head_done(): "chunked", "content-length", "close", "none"
    /// When done(): why no other response can follow on the connection (RFC 9112 sections 6.1 and
    /// 9.3); "": one can.
    std::string why_it_ends() const;
    std::uint64_t body_bytes() const { return body_bytes_; }
    const std::string& problem() const { return problem_; }

  private:
    bool mend_status_line();

    struct Parser;
    std::function<void(std::string_view)> body_;
    std::unique_ptr<Parser> parser_;
    std::string waiting_;  ///< bytes that the parser wants more after
    std::uint64_t body_bytes_ = 0;
    bool mended_ = false;   ///< the status line at hand is as the parser wants it
    unsigned interim_ = 0;  ///< 1xx responses that were passed over
    bool begun_ = false;    ///< something of the final response, or of a 1xx one, has come
    std::string problem_;
};

}  // namespace seamark::net
