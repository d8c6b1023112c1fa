// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/server/session.hpp"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>

#include "net/server/persistence.hpp"
#include "net/server/preparation.hpp"
#include "net/server/response_id.hpp"
#include "net/socket/socket_options.hpp"
#include "plan/escaped.hpp"
#include "plan/event_text.hpp"
#include "plan/memory_needed.hpp"
#include "plan/response_head.hpp"
#include "plan/write_encoder.hpp"

namespace seamark::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using plan::HttpVersion;
using plan::Persistence;

namespace {

constexpr auto token = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t closing_volume = 1024UL * 1024;
constexpr std::size_t target_in_log = 200;

/// Whether there may be a plan of tens of KB to read, which takes some ms.
bool has_long_plan(const Request& request, const Resources& resources) {
    constexpr std::size_t is_long = 4096;
    return request.body.size() > is_long || resources.plan.size() > is_long ||
           request.target.find("plan") != std::string::npos;
}

std::string_view framing_name(plan::Framing framing) {
    switch (framing) {
        case plan::Framing::chunked:
            return "chunked";
        case plan::Framing::content_length:
            return "content-length";
        case plan::Framing::close:
            return "close";
        case plan::Framing::raw:
            return "raw";
    }
    return "";
}

/// A connection whose own address is not known any more is held to the stricter rule.
bool arrived_by_loopback(const tcp::socket& socket) {
    boost::system::error_code gone;
    const auto endpoint = socket.local_endpoint(gone);
    return gone || is_loopback(endpoint.address());
}

}  // namespace

std::string to_text(const tcp::endpoint& endpoint) {
    const std::string address = endpoint.address().to_string();
    return (endpoint.address().is_v6() ? '[' + address + ']' : address) + ':' +
           std::to_string(endpoint.port());
}

Session::Session(tcp::socket socket, std::unique_ptr<CallObserver> observer, Resources& resources,
                 const HostNames& names, Bounds& bounds, const Log& log, const TlsContext* tls)
    : socket_(std::move(socket)),
      timer_(socket_.get_executor()),
      observer_(std::move(observer)),
      resources_(resources),
      bounds_(bounds),
      log_(log),
      port_(socket_, observer_.get()),
      in_(socket_, observer_.get()),
      tls_(tls ? std::make_unique<TlsLine>(socket_, in_, port_, *tls) : nullptr),
      out_(tls_ ? static_cast<Outlet&>(tls_->out) : port_),
      socket_options_(socket_.native_handle(), observer_.get()),
      reader_(tls_ ? static_cast<Inlet&>(tls_->in) : in_, out_,
              arrived_by_loopback(socket_) ? &names : nullptr) {
    boost::system::error_code gone;  // a peer that is gone already has no name any more
    const auto endpoint = socket_.remote_endpoint(gone);
    peer_ = gone ? "?" : to_text(endpoint);
    enter(Phase::reading);
    if (!observer_) return;
    const auto now = time_for(observer_.get());  // the call itself was made by Asio
    observer_->on_open(socket_.native_handle(), Call::kAccept, {now, now});
}

void Session::enter(Phase phase) {
    phase_ = phase;
    since_ = half_closed_since_ = Clock::now();
}

asio::awaitable<void> Session::run() {
    bool sent = true;  // something that the peer may not have read yet
    const bool open = !tls_ || co_await shake_hands();
    while (open && !stopping_ && !cut_.requested) {
        enter(Phase::reading);
        port_.begin_exchange();
        if (tls_) out_.begin_exchange();
        const auto got = co_await reader_.next();
        if (const auto* end = std::get_if<ReadEnd>(&got)) {
            sent = co_await refuse(*end);
            break;
        }
        enter(Phase::responding);
        if (!co_await exchange(std::get<Request>(got))) break;
    }
    if (sent && !broken_) co_await close_gently();
    close();
}

/// The handshake of TLS, which counts as the wait for a request. Whether requests can follow.
asio::awaitable<bool> Session::shake_hands() {
    const int error = co_await tls_->in.shake_hands();
    if (error == 0) co_return true;
    if (stopping_ || (error != EPROTO && in_.bytes() == 0)) co_return false;
    const std::string what = peer_ + " TLS handshake failed: ";
    if (error == EPROTO) {
        log_.warn(what + tls_->engine.problem());
    } else if (timed_out_) {
        log_.warn(what + "it took too long to arrive (--idle-timeout)");
    } else if (error == ECONNABORTED) {
        log_.warn(what + "the peer closed in the middle of it");
    } else {
        log_.warn(what + std::strerror(error));
    }
    co_return false;
}

void Session::close() {
    if (tls_ && !broken_) {  // the last word, where no wait is owed to it
        tls_->engine.close();
        tls_->out.flush();
    }
    if (broken_) reset_on_close(socket_.native_handle(), observer_.get());
    CallTimes times{.entered = time_for(observer_.get())};
    boost::system::error_code ignored;  // it is gone either way
    socket_.close(ignored);
    times.returned_at = time_for(observer_.get());
    if (observer_) observer_->on_close(Call::kClose, times);
}

/// What a request is to be answered with, and the memory for it in `share`.
std::variant<Page, Planned> Session::answer(const Request& request, MemoryBudget::Share& share) {
    auto answer = route(request, resources_);
    const auto* const planned = std::get_if<Planned>(&answer);
    std::uint64_t memory = 0;
    if (!planned) {
        memory = 2 * std::get<Page>(answer).body.size();  // once more after its head
    } else if (request.method != "HEAD") {
        memory = planned->body.memory() + request.body.capacity();
        if (tls_) {
            memory +=
                plan::memory_for_records(planned->body.largest_write(), planned->options.record);
        }
    }
    auto taken = bounds_.memory.take(memory);
    if (!taken) return busy_page(memory);
    share = *std::move(taken);
    if (planned) {
        if (const auto refused = socket_options_.apply(planned->options)) {
            return error_page(400, plan::to_text(*refused));
        }
        if (tls_) tls_->out.set_record(planned->options.record);
    } else if (tls_) {
        tls_->out.set_record(largest_record);
    }
    return answer;
}

/// Answers one request. Whether the connection goes on.
asio::awaitable<bool> Session::exchange(const Request& request) {
    const auto started = Clock::now();
    const bool head_only = request.method == "HEAD";
    const std::string what = peer_ + ' ' + plan::escaped(request.method) + ' ' +
                             plan::escaped(request.target, target_in_log);
    if (has_long_plan(request, resources_)) {
        co_await bounds_.turns.next();
        if (cut_.requested) {
            broken_ = true;
            log_early_end(what, {.cut = true}, 0);
            co_return false;
        }
    }
    MemoryBudget::Share share;
    auto answer = this->answer(request, share);
    EmissionEnd end;
    std::uint64_t data_writes = 0;
    std::string kind;
    Future next{};
    if (const auto* page = std::get_if<Page>(&answer)) {
        next = future(request, request.http, false, stopping_);
        end.error = co_await send_page(*page, request.http, next.said, head_only);
        kind = std::to_string(page->status) + " content-length";
    } else {
        auto& planned = std::get<Planned>(answer);
        const auto framing = planned.options.framing;
        next = future(request, planned.options.http,
                      framing == plan::Framing::close || framing == plan::Framing::raw, stopping_);
        end = co_await send_emission(planned, next.said, head_only);
        next.stays = next.stays && !end.closed;
        if (!planned.options.seed && !planned.body.script() && planned.options.file.empty()) {
            data_writes = planned.options.writes;
        }
        kind = "200 " + std::string(framing_name(framing));
    }
    if (end.error != 0 && cut_.requested) end.cut = true;
    if (cut_.peer_left != 0) end = {.error = cut_.peer_left, .data_writes = end.data_writes};
    if (end.cut || end.error != 0) {
        broken_ = end.cut || cut_.peer_left != 0 || end.error == ECONNABORTED;
        log_early_end(what, end, data_writes);
        co_return false;
    }
    log_exchange(what + ' ' + kind, started);
    co_return next.stays;
}

asio::awaitable<int> Session::send_page(const Page& page, HttpVersion http, Persistence persistence,
                                        bool head_only) {
    set_nodelay(socket_.native_handle(), true, observer_.get());
    std::string bytes = plan::to_bytes({.http = http,
                                        .status = page.status,
                                        .content_type = page.content_type,
                                        .content_length = page.body.size(),
                                        .policy = page.policy,
                                        .allow = page.allow,
                                        .retry_after = page.retry_after,
                                        .persistence = persistence});
    if (!head_only) bytes += page.body;
    co_return co_await out_.send_all(bytes);
}

asio::awaitable<EmissionEnd> Session::send_emission(Planned& planned, Persistence persistence,
                                                    bool head_only) {
    const plan::EmitOptions& options = planned.options;
    const plan::Script* const script = planned.body.script();
    // HEAD: a length that is not known without the work of a GET is left out (RFC 9110
    // section 9.3.2)
    EmissionEnd end;
    if (!head_only) {
        end = co_await prepare(planned.body, socket_.native_handle(), bounds_.turns, cut_);
        if (end.cut || end.error != 0) co_return end;
    }
    const std::string id = next_response_id();
    plan::ResponseHead head{.http = options.http,
                            .content_length = planned.body.content_length(),
                            .chunked = options.framing == plan::Framing::chunked,
                            .tagged = options.tag,
                            .id = id,
                            .coding = options.coding,
                            .trailer = options.trailers ? plan::trailer_names : "",
                            .persistence = persistence};
    if (script) head.fields = script->fields;
    const plan::EventFormat events = script ? script->events : options.events;
    if (events != plan::EventFormat::none) head.content_type = plan::content_type_of(events);
    const std::string bytes = plan::to_bytes(head);
    const bool joined = options.head_joined && !head_only;
    std::shared_ptr<Report> report;
    if (!options.report.empty()) report = resources_.reports.begin(options.report);

    if (!joined) {
        end.error = co_await out_.send_all(bytes);
        if (report && end.error == 0)
            report->add(out_.tally().first_index, bytes.size(), bytes.size(), 0);
    }
    if (end.error == 0 && !head_only) {
        plan::WriteEncoder encoder(planned.body.source(),
                                   {.tag = options.tag, .trailers = options.trailers});
        const int socket = socket_.native_handle();
        if (options.cork) set_cork(socket, true, observer_.get());
        end = co_await emit_body(out_, timer_, bounds_.turns, cut_,
                                 {.writes = planned.body.writes(),
                                  .encoder = encoder,
                                  .gather = options.gather,
                                  .head = joined ? std::string_view(bytes) : std::string_view{},
                                  .report = report.get()});
        if (options.cork || script) set_cork(socket, false, observer_.get());
    }
    if (report) report->end();
    co_return end;
}

/// Answers a request that cannot be read, if an answer can still be read. Whether it did.
asio::awaitable<bool> Session::refuse(const ReadEnd& end) {
    if (tls_ && tls_->engine.state() == TlsEngine::State::kFailed) {
        log_.warn(peer_ + " TLS failed: " + tls_->engine.problem());
        co_return true;  // the alert
    }
    ReadEnd why = end;
    if (timed_out_ && why.in_request) why = {408, "The request took too long to arrive", true};
    if (why.status == 0) {
        if (why.in_request && !stopping_) log_.warn(peer_ + ' ' + why.reason);
        co_return false;
    }
    const auto started = Clock::now();
    enter(Phase::responding);
    const int error = co_await send_page(error_page(why.status, why.reason), HttpVersion::http_1_1,
                                         Persistence::close, why.head_only);
    const std::string what = peer_ + " - - " + std::to_string(why.status);
    if (error != 0) {
        log_early_end(what, {.error = error}, 0);
    } else {
        log_exchange(what + " (" + why.reason + ')', started);
    }
    co_return true;
}

/// Says that nothing more comes, then waits until the peer has closed too: a close with bytes
/// unread makes the kernel send a RST, which can overtake what the peer has not read yet. A server
/// that is stopping waits only if there are such bytes.
asio::awaitable<void> Session::close_gently() {
    enter(Phase::closing);
    boost::system::error_code gone;
    if (tls_) {
        tls_->engine.close();
        while (tls_->out.flush() == EAGAIN && co_await out_.room() == 0) continue;
    }
    CallTimes times{.entered = time_for(observer_.get())};
    socket_.shutdown(tcp::socket::shutdown_send, gone);
    times.returned_at = time_for(observer_.get());
    if (observer_) observer_->on_close(Call::kShutdown, times);
    std::array<char, 4096> dropped;
    std::size_t volume = 0;
    while (!gone && !cut_.requested && volume < closing_volume) {
        if (stopping_ && socket_.available(gone) == 0) break;
        const auto [error, size] = co_await in_.async_read_some(asio::buffer(dropped), token);
        gone = error;
        volume += size;
    }
}

}  // namespace seamark::net
