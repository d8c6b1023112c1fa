// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/socket/event_observer.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>

#include "net/socket/socket_options.hpp"

namespace seamark::net {

using boost::asio::ip::tcp;

namespace {

std::int64_t ns(std::chrono::system_clock::time_point time) {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
}

record::Endpoint to_endpoint(const tcp::endpoint& endpoint) {
    auto address = endpoint.address();
    if (address.is_v6() && address.to_v6().is_v4_mapped()) {
        address = make_address_v4(boost::asio::ip::v4_mapped, address.to_v6());
    }
    record::Endpoint result;
    result.port = endpoint.port();
    result.ipv6 = address.is_v6();
    if (result.ipv6) {
        std::ranges::copy(address.to_v6().to_bytes(), result.address.begin());
    } else {
        std::ranges::copy(address.to_v4().to_bytes(), result.address.begin());
    }
    return result;
}

std::uint32_t flag_if_set(int descriptor, int option, std::uint32_t flag) {
    int value = 0;
    socklen_t size = sizeof value;
    const bool known = ::getsockopt(descriptor, IPPROTO_TCP, option, &value, &size) == 0;
    return known && value != 0 ? flag : 0;
}

}  // namespace

record::Connection to_connection(const tcp::endpoint& own, const tcp::endpoint& peer) {
    return {to_endpoint(own), to_endpoint(peer)};
}

EventObserver::EventObserver(record::EventRecorder& recorder, const record::Connection& connection,
                             std::uint32_t number, Side side, record::RecordMode mode)
    : recorder_(recorder), connection_(connection), mode_(mode) {
    common_.recorder = Recorder::kInside;
    common_.flags = EventFlags::kOffsetKnown | EventFlags::kOptionsKnown |
                    (side == Side::client ? EventFlags::kClient : EventFlags::kServer);
    common_.process = static_cast<std::uint32_t>(::getpid());
    common_.thread = static_cast<std::uint32_t>(::syscall(SYS_gettid));
    common_.connection = number;
}

void EventObserver::record(IoEvent& event, EventKind kind, Call call,
                           const CallTimes& times) noexcept {
    event.kind = kind;
    event.call = call;
    event.entered = ns(times.entered);
    event.left = ns(times.returned_at);
    recorder_.record(connection_, event);
}

void EventObserver::on_open(int descriptor, Call call, const CallTimes& times) noexcept {
    common_.descriptor = descriptor;
    common_.flags |= flag_if_set(descriptor, TCP_NODELAY, EventFlags::kNodelay) |
                     flag_if_set(descriptor, TCP_CORK, EventFlags::kCork);
    IoEvent event = common_;
    note_congestion(event);
    event.pacing_limit = pacing_limit(descriptor);
    record(event, EventKind::kOpened, call, times);
    if (mode_.stamps) stamps_.enable(descriptor);
}

/// Asked where it may have changed only: it is what a verdict has to exclude, in any mode.
void EventObserver::note_congestion(IoEvent& event) const {
    event.congestion = congestion_control(event.descriptor);
}

void EventObserver::record_stamps() noexcept {
    if (!mode_.stamps) return;
    stamps_.drain(common_.descriptor, sent_, [this](const TransmitStamps::Stamp& stamp) {
        IoEvent event = common_;
        event.kind = EventKind::kTimestamp;
        event.transmission = stamp.what;
        event.offset = stamp.end;
        event.entered = event.left = stamp.at_ns;
        recorder_.record(connection_, event);
    });
}

void EventObserver::on_send(const SendCall& call) noexcept {
    IoEvent event = common_;
    event.flags |= EventFlags::kNonblocking | (call.more ? EventFlags::kMore : 0);
    event.index = call.index;
    event.offset = sent_;
    event.requested = call.requested;
    event.returned = call.returned;
    event.error = call.error;
    sent_ += event.taken();
    if (mode_.state) {
        if (const auto look = send_state(event.descriptor)) {
            event.state = look->state;
            event.pacing_limit = look->pacing_limit;
        }
    }
    record(event, EventKind::kWrite, call.call, call.times);
    record_stamps();
}

void EventObserver::on_receive(const ReceiveCall& call) noexcept {
    IoEvent event = common_;
    event.flags |= EventFlags::kNonblocking;
    event.index = call.index;
    event.offset = received_;
    event.requested = call.requested;
    event.returned = call.returned;
    event.error = call.error;
    received_ += event.taken();
    if (mode_.state) event.receive_state = receive_state(event.descriptor);
    record(event, EventKind::kRead, Call::kRecv, call.times);
    record_stamps();
}

void EventObserver::on_option(const OptionCall& call) noexcept {
    std::uint32_t flag = 0;
    if (call.level == IPPROTO_TCP && call.name == TCP_NODELAY) flag = EventFlags::kNodelay;
    if (call.level == IPPROTO_TCP && call.name == TCP_CORK) flag = EventFlags::kCork;
    common_.flags = call.value != 0 ? common_.flags | flag : common_.flags & ~flag;
    IoEvent event = common_;
    event.option_level = static_cast<std::uint16_t>(call.level);
    event.option_name = static_cast<std::uint16_t>(call.name);
    event.requested = static_cast<std::uint64_t>(call.value);
    if (call.level == IPPROTO_TCP && call.name == TCP_CONGESTION) note_congestion(event);
    if (call.level == SOL_SOCKET && call.name == SO_MAX_PACING_RATE)
        event.pacing_limit = pacing_limit(event.descriptor);
    record(event, EventKind::kOption, Call::kSetsockopt, call.times);
}

void EventObserver::on_upper(const UpperCall& call) noexcept {
    IoEvent event = common_;
    event.flags = (event.flags & ~EventFlags::kOffsetKnown) | EventFlags::kOwnOffsetKnown;
    event.layer = Layer::kTls;
    event.index = call.index;
    std::uint64_t& moved = call.write ? upper_sent_ : upper_received_;
    event.offset = moved;
    event.requested = call.requested;
    event.returned = call.returned;
    moved += event.taken();
    record(event, call.write ? EventKind::kUpperWrite : EventKind::kUpperRead,
           call.write ? Call::kSslWriteEx : Call::kSslReadEx, call.times);
}

void EventObserver::on_close(Call call, const CallTimes& times) noexcept {
    if (call == Call::kShutdown) record_stamps();
    IoEvent event = common_;
    record(event, EventKind::kClosed, call, times);
}

}  // namespace seamark::net
