// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/request_reader.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <cstring>
#include <utility>

#include "net/kept_body.hpp"

namespace seamark::net {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

namespace {

constexpr std::uint32_t max_head = 16 * 1024;
constexpr std::uint64_t max_body = 1024UL * 1024;
constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";

ReadEnd explain(const beast::error_code& error) {
    if (error == http::error::header_limit || error == http::error::buffer_overflow) {
        return {431, "The request's head is longer than 16 KiB", true};
    }
    if (error == http::error::body_limit) {
        return {413, "The request's body is longer than 1 MiB", true};
    }
    if (error == http::error::bad_version) {
        return {505, "This server speaks HTTP/1.1 and HTTP/1.0", true};
    }
    if (error == http::error::end_of_stream) return {};
    if (error == http::error::partial_message) {
        return {0, "the peer closed in the middle of a request", true};
    }
    if (error.category() == make_error_code(http::error::bad_method).category()) {
        return {400, "This is not an HTTP/1.1 request: " + error.message(), true};
    }
    return {0, error.message(), false};
}

}  // namespace

asio::awaitable<std::variant<Request, ReadEnd>> RequestReader::next() {
    constexpr auto token = asio::as_tuple(asio::use_awaitable);
    http::request_parser<KeptBody> parser;
    parser.header_limit(max_head);
    parser.body_limit(max_body);

    const auto [head_error, head_size] =
        co_await http::async_read_header(in_, buffer_, parser, token);
    if (head_error) {
        ReadEnd end = explain(head_error);
        end.in_request = end.in_request || parser.got_some() || buffer_.size() > 0;
        co_return end;
    }

    const auto& fields = parser.get();
    Request request;
    request.method = std::string(fields.method_string());
    request.target = std::string(fields.target());
    request.http =
        fields.version() < 11 ? plan::HttpVersion::http_1_0 : plan::HttpVersion::http_1_1;
    request.keep_alive = fields.keep_alive();
    request.keep_alive_said =
        http::token_list{fields[http::field::connection]}.exists("keep-alive");
    request.host = std::string(fields[http::field::host]);
    request.origin = std::string(fields[http::field::origin]);
    if (fields.version() / 10 != 1) co_return explain(http::error::bad_version);
    if (request.http == plan::HttpVersion::http_1_1 && fields.count(http::field::host) != 1) {
        co_return ReadEnd{400, "An HTTP/1.1 request has one Host field (RFC 9112, section 3.2)",
                          true};
    }

    const bool waits = beast::iequals(fields[http::field::expect], "100-continue") &&
                       request.http == plan::HttpVersion::http_1_1;
    if (waits && !parser.is_done() && buffer_.size() == 0) {
        if (const int error = co_await out_.send_all(go_on); error != 0) {
            co_return ReadEnd{0, std::strerror(error), true};
        }
    }
    if (!parser.is_done()) {
        const auto [error, size] = co_await http::async_read(in_, buffer_, parser, token);
        if (error) {
            ReadEnd end = explain(error);
            end.in_request = true;
            co_return end;
        }
    }
    if (request.method == "POST") request.body = std::move(parser.get().body());
    co_return request;
}

}  // namespace seamark::net
