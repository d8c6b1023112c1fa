// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/client/client.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <utility>
#include <vector>

#include "net/client/body_output.hpp"
#include "net/client/client_line.hpp"
#include "net/client/connect.hpp"
#include "net/client/http_url.hpp"
#include "net/client/patience.hpp"
#include "net/client/response_reader.hpp"
#include "net/client/wait_limits.hpp"
#include "net/socket/event_observer.hpp"
#include "net/socket/log.hpp"
#include "net/socket/read_port.hpp"
#include "net/socket/write_port.hpp"
#include "plan/escaped.hpp"
#include "plan/response_head.hpp"
#include "record/event_recorder.hpp"

namespace seamark::net {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

/// The connected socket with what observes it, if anybody does.
struct Line {
    asio::io_context context{1};
    tcp::socket socket{context};
    std::unique_ptr<CallObserver> observer;
};

/// Opens the socket for an address, with the receive buffer that is asked for.
OptionCall open_socket(Line& line, const tcp::endpoint& peer, int receive_buffer) {
    boost::system::error_code ignored;
    line.socket.close(ignored);
    line.socket.open(peer.protocol());
    OptionCall option{.level = SOL_SOCKET, .name = SO_RCVBUF, .value = receive_buffer};
    option.times.entered = std::chrono::system_clock::now();
    if (receive_buffer > 0) {
        line.socket.set_option(asio::socket_base::receive_buffer_size(receive_buffer));
    }
    option.times.returned_at = std::chrono::system_clock::now();
    return option;
}

/// Connects to the first address that takes it, each within the limits.
void connect(Line& line, const HttpUrl& url, const GetOptions& options,
             record::EventRecorder* recorder, WaitLimits& limits) {
    std::string why;
    for (const tcp::endpoint& peer : addresses_of(url, limits)) {
        const OptionCall option = open_socket(line, peer, options.receive_buffer);
        CallTimes times{.entered = std::chrono::system_clock::now()};
        limits.progress();
        int error = 0;
        try {
            error = connect_to(line.socket, peer, limits);
            if (error == ECONNREFUSED) {
                why = std::string(std::strerror(error)) +
                      ". Nothing listens there: is the server running, on this port?";
            } else if (error != 0) {
                why = std::strerror(error);
            }
        } catch (const std::runtime_error& e) {
            why = e.what();
            error = ETIMEDOUT;
        }
        times.returned_at = std::chrono::system_clock::now();
        if (error != 0) continue;
        limits.progress();
        if (!recorder) return;
        line.observer = std::make_unique<EventObserver>(
            *recorder, to_connection(line.socket.local_endpoint(), peer), 1,
            EventObserver::Side::client, options.mode);
        if (options.receive_buffer > 0) line.observer->on_option(option);
        line.observer->on_open(line.socket.native_handle(), Call::kConnect, times);
        return;
    }
    throw std::runtime_error("cannot connect to " + url.authority + ": " + why);
}

void close(Line& line) {
    CallTimes times{.entered = time_for(line.observer.get())};
    boost::system::error_code ignored;
    line.socket.close(ignored);
    times.returned_at = time_for(line.observer.get());
    if (line.observer) line.observer->on_close(Call::kClose, times);
}

std::string request_for(const HttpUrl& url, bool last) {
    return "GET " + url.target + " HTTP/1.1\r\nHost: " + url.authority +
           "\r\nUser-Agent: " + std::string(plan::server_name()) + "\r\nAccept: */*\r\n" +
           (last ? "Connection: close\r\n" : "") + "\r\n";
}

[[noreturn]] void fail_in(const ResponseReader& response, const std::string& what) {
    throw std::runtime_error(what + " (after " + std::to_string(response.body_bytes()) +
                             " bytes of the body)");
}

std::string progress_of(const ResponseReader& response) {
    if (!response.head_done()) return "the server sent no whole head of a response";
    return "after " + std::to_string(response.body_bytes()) +
           " bytes of the body the server sent nothing more";
}

/// Until its head is there the server's time is counted as a whole, then from one read to the next.
void read_response(ClientLine& line, ResponseReader& response, const GetOptions& options,
                   WaitLimits& limits) {
    std::vector<char> buffer(options.read_size);
    bool first = true;
    std::string beginning;
    constexpr std::size_t shown = 40;
    while (!response.done()) {
        if (!std::exchange(first, false) && options.pace.count() > 0) {
            limits.pause(options.pace, progress_of(response));
        }
        const auto [bytes, error, end, cut] = line.read(buffer, progress_of(response));
        if (error == EAGAIN) continue;
        if (error == ECONNRESET) {
            fail_in(response, response.head_done()
                                  ? "the server reset the connection in the middle of the body"
                                  : "the server reset the connection before its head was whole");
        }
        if (error != 0) fail_in(response, std::string("reading failed: ") + std::strerror(error));
        if (end) {
            if (!response.end()) fail_in(response, response.problem());
            if (!cut) return;
            fail_in(
                response,
                "the server closed without saying so in TLS (close_notify): what arrived may not "
                "be the whole");
        }
        if (beginning.size() <= shown) beginning.append(bytes.substr(0, shown + 1));
        const bool understood = response.feed(bytes);
        if (response.head_done()) limits.progress();
        if (understood) continue;
        if (response.head_done()) {
            fail_in(response, "the body's framing is broken: " + response.problem());
        }
        throw std::runtime_error(
            "this is no HTTP/1.x response that it can read: " + response.problem() +
            ". It begins with \"" + plan::escaped(beginning, shown) + '"');
    }
}

std::string summary(const ResponseReader& response, std::uint64_t reads, std::uint64_t bytes,
                    std::chrono::steady_clock::duration time, const std::string& version) {
    std::array<char, 32> ms{};
    std::snprintf(ms.data(), ms.size(), "%.1f ms",
                  std::chrono::duration<double, std::milli>(time).count());
    return std::to_string(response.status()) + ' ' + plan::escaped(response.reason()) + ", " +
           response.framing() + ": " + std::to_string(reads) + " reads, " + std::to_string(bytes) +
           " bytes (" + std::to_string(response.body_bytes()) + " of them body data), " +
           ms.data() + version;
}

/// Another request can follow on the connection, or this says why not.
void expect_to_stay(const ResponseReader& response, std::uint32_t number, std::uint32_t wanted) {
    const std::string why = response.why_it_ends();
    if (why.empty()) return;
    const auto left = wanted - number;
    throw std::runtime_error(
        "response " + std::to_string(number) + " of " + std::to_string(wanted) +
        " is the last on this connection (" + why + "), so " + std::to_string(left) +
        (left == 1 ? " more request" : " more requests") + " could not be sent");
}

void fetch(const GetOptions& options, const HttpUrl& url, record::EventRecorder* recorder) {
    std::optional<TlsContext> tls;
    if (url.tls) tls.emplace(client_context(options));
    if (tls && options.tls_keys && recorder) {
        tls->log_secrets([recorder](std::string_view secret) { recorder->record_secret(secret); });
        to_standard_error("seamark get: --tls-keys: the connection's secrets are written to " +
                          recorder->path() +
                          "; whoever has that file and a capture can read what was sent");
    }
    const Patience patience;
    WaitLimits limits(patience, options.timeout, options.max_time);
    BodyOutput output(options.output, options.discard, limits);
    Line line;
    auto started = std::chrono::steady_clock::now();
    connect(line, url, options, recorder, limits);
    WritePort out(line.socket, line.observer.get());
    ReadPort in(line.socket, line.observer.get());
    ClientLine to_server(out, in, limits, tls ? &*tls : nullptr, url.host);
    try {
        to_server.begin();
    } catch (...) {
        close(line);
        throw;
    }
    for (std::uint32_t number = 1; number <= options.requests; ++number) {
        const bool last = number == options.requests;
        const auto reads = in.reads();
        const auto bytes = in.bytes();
        ResponseReader response([&](std::string_view body) { output.put(body); });
        try {
            limits.progress();
            to_server.send(request_for(url, last));
            read_response(to_server, response, options, limits);
        } catch (...) {
            close(line);
            throw;
        }
        const bool ends = last || !response.why_it_ends().empty();
        if (ends) {
            to_server.end();
            close(line);
        }
        const auto now = std::chrono::steady_clock::now();
        if (!options.quiet)
            to_standard_error(summary(response, in.reads() - reads, in.bytes() - bytes,
                                      now - started, to_server.version()));
        started = now;
        if (!last) expect_to_stay(response, number, options.requests);
    }
    output.finish();
}

/// What says something of TLS and has no sense here, in words; "" if nothing.
std::string check_tls(const GetOptions& options, const HttpUrl& url) {
    if (url.tls) return "";
    const std::string only = " is for an https:// URL, and this one is http://";
    if (options.insecure) return "--insecure" + only;
    if (!options.authorities.empty()) return "--cacert" + only;
    if (options.tls_keys) return "--tls-keys" + only;
    return "";
}

}  // namespace

int get(const GetOptions& options) {
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
    const auto complain = [](const std::string& what) {
        to_standard_error("seamark get: " + what);
    };
    const auto url = parse_url(options.url);
    if (!url) {
        complain(
            "\"" + plan::escaped(options.url, 200) +
            "\" is no URL that it can get: http://HOST[:PORT]/PATH or https://HOST[:PORT]/PATH is "
            "wanted, such as http://127.0.0.1:8080/emit?writes=3");
        return 1;
    }
    if (const std::string wrong = check_tls(options, *url); !wrong.empty()) {
        complain(wrong);
        return 1;
    }
    std::optional<record::EventRecorder> recorder;
    if (!options.events.empty()) {
        try {
            recorder.emplace(record::RecorderSettings{
                .path = options.events,
                .program = "seamark get",
                .application = std::string(plan::server_name()),
                .hold = options.tls_keys ? record::hold_for_secrets : std::chrono::milliseconds{0},
                .report = complain});
        } catch (const std::system_error& e) {
            complain(record::recording_failure(options.events, e.code().value()));
            return 1;
        }
    }
    int status = 0;
    try {
        fetch(options, *url, recorder ? &*recorder : nullptr);
    } catch (const Interrupted&) {
        complain("stopped by SIG" + std::string(::sigabbrev_np(Patience::caught)) +
                 " before the response was whole");
        status = 128 + Patience::caught;
    } catch (const std::exception& e) {
        complain(e.what());
        status = 1;
    }
    if (recorder) {
        const auto [recorded, dropped] = recorder->close();
        if (dropped > 0) {
            complain("of " + std::to_string(recorded + dropped) + " events " +
                     std::to_string(dropped) + " were dropped");
        }
    }
    return status;
}

}  // namespace seamark::net
