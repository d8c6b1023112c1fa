// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/server/request_reader.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/read_size.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/none.hpp>
#include <cstring>
#include <utility>

#include "net/server/kept_body.hpp"
#include "net/server/request_check.hpp"

namespace seamark::net {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

namespace {

constexpr auto token = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t longest_read = 64UL * 1024;
constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";

ReadEnd refused(const Refusal& refusal, bool head_only = false) {
    return {refusal.status, refusal.reason, true, head_only};
}

/// The stream ended or failed; what Beast makes of a body, too.
ReadEnd explain(const beast::error_code& error, bool in_request) {
    if (error == http::error::body_limit) return refused(too_long());
    if (error == http::error::buffer_overflow || error == http::error::header_limit) {
        return {431, "A chunk's size line, or the trailer section, is longer than 64 KiB", true};
    }
    if (error == asio::error::eof || error == http::error::partial_message ||
        error == http::error::end_of_stream) {
        if (!in_request) return {};
        return {0, "the peer closed in the middle of a request", true};
    }
    if (error.category() == make_error_code(http::error::bad_method).category()) {
        return refused(malformed(error.message()));
    }
    return {0, error.message(), in_request};
}

}  // namespace

/// Reads until the buffer begins with a whole head.
asio::awaitable<std::variant<RequestHead, ReadEnd>> RequestReader::head() {
    RequestHead head;
    for (;;) {
        const auto bytes = buffer_.data();
        const auto state = head.scan({static_cast<const char*>(bytes.data()), bytes.size()});
        if (state == RequestHead::State::kComplete) co_return head;
        if (state == RequestHead::State::kRefused) co_return refused(head.refusal());
        const auto room = buffer_.prepare(beast::read_size(buffer_, longest_read));
        const auto [error, size] = co_await in_.async_read_some(room, token);
        if (error) co_return explain(error, head.begun());
        buffer_.commit(size);
    }
}

asio::awaitable<std::variant<Request, ReadEnd>> RequestReader::next() {
    const auto got = co_await head();
    if (const auto* end = std::get_if<ReadEnd>(&got)) co_return *end;
    const auto& head = std::get<RequestHead>(got);

    http::request_parser<KeptBody> parser;
    parser.header_limit(RequestHead::kLimit + 1);
    // check_request() holds the length against the limit, after what is worse: Beast would do so
    // before it is known whether the length counts at all.
    parser.body_limit(boost::none);
    // A later HTTP/1.x is read as HTTP/1.1 (RFC 9110 section 2.5), which Beast does not.
    char& minor_version = static_cast<char*>(buffer_.data().data())[head.minor_version()];
    if (minor_version > '1') minor_version = '1';
    beast::error_code head_error;
    parser.put(asio::buffer(buffer_.data() + head.begin(), head.end() - head.begin()), head_error);
    buffer_.consume(head.end());
    const bool head_only = parser.get().method() == http::verb::head;
    if (head_error) {
        ReadEnd end = explain(head_error, true);
        end.head_only = head_only;
        co_return end;
    }

    auto checked = check_request({parser, parser.get()}, names_);
    if (const auto* refusal = std::get_if<Refusal>(&checked)) {
        co_return refused(*refusal, head_only);
    }
    auto& request = std::get<Request>(checked);
    parser.body_limit(kLongestBody);  // of chunks, from here on
    if (request.waits && !parser.is_done() && buffer_.size() == 0) {
        if (const int error = co_await out_.send_all(go_on); error != 0) {
            co_return ReadEnd{0, std::strerror(error), true};
        }
    }
    if (!parser.is_done()) {
        const auto [error, size] = co_await http::async_read(in_, buffer_, parser, token);
        if (error) {
            ReadEnd end = explain(error, true);
            end.head_only = head_only;
            co_return end;
        }
    }
    if (request.method == "POST") request.body = std::move(parser.get().body());
    co_return std::move(request);
}

}  // namespace seamark::net
