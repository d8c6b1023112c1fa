// SPDX-License-Identifier: GPL-2.0-or-later
#include "import/socket_log.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "import/strace_values.hpp"

namespace seamark::import {
namespace {

struct OptionName {
    std::string_view level, name;
    std::uint16_t level_number, number;
};
/// Those that change how a stream is cut or held, by Linux's numbers.
constexpr std::array kOptions{
    OptionName{"TCP", "TCP_NODELAY", 6, 1},     OptionName{"TCP", "TCP_MAXSEG", 6, 2},
    OptionName{"TCP", "TCP_CORK", 6, 3},        OptionName{"TCP", "TCP_QUICKACK", 6, 12},
    OptionName{"TCP", "TCP_CONGESTION", 6, 13}, OptionName{"TCP", "TCP_NOTSENT_LOWAT", 6, 25},
    OptionName{"SOCKET", "SO_SNDBUF", 1, 7},    OptionName{"SOCKET", "SO_RCVBUF", 1, 8},
    OptionName{"SOCKET", "SO_RCVLOWAT", 1, 18}, OptionName{"SOCKET", "SO_MAX_PACING_RATE", 1, 47},
};

/// Marks those events of a direction whose calls were under way at the same moment, and so moved
/// bytes in an order that the log does not show.
void mark_overlaps(std::vector<IoEvent*>& moved) {
    std::sort(moved.begin(), moved.end(),
              [](const IoEvent* a, const IoEvent* b) { return a->entered < b->entered; });
    IoEvent* longest = nullptr;
    for (IoEvent* event : moved) {
        if (longest && event->entered < longest->left && event->thread != longest->thread) {
            event->flags |= EventFlags::kAmbiguous;
            longest->flags |= EventFlags::kAmbiguous;
        }
        if (!longest || event->left > longest->left) longest = event;
    }
}

}  // namespace

IoEvent SocketLog::event_of(const SystemCall& call, EventKind kind, Call name,
                            std::int32_t descriptor) {
    IoEvent event;
    event.kind = kind;
    event.call = name;
    event.recorder = Recorder::kImported;
    event.thread = call.thread;
    event.descriptor = descriptor;
    event.entered = call.entered;
    event.left = call.left;
    event.returned = call.result;
    event.error = call.result < 0 ? error_number(call.error) : 0;
    return event;
}

SocketLog::Descriptor SocketLog::descriptor_of(std::string_view text) {
    Descriptor found;
    const auto number = number_of(text);
    const auto open = text.find('<');
    if (!number || open == std::string_view::npos || !text.ends_with('>')) return found;
    names_descriptors_ = true;
    found.number = static_cast<std::int32_t>(*number);
    text = text.substr(open + 1, text.size() - open - 2);
    for (const std::string_view kind : {std::string_view("TCP:["), std::string_view("TCPv6:[")}) {
        if (!text.starts_with(kind) || !text.ends_with(']')) continue;
        found.tcp = true;
        found.name = text.substr(kind.size(), text.size() - kind.size() - 1);
        const auto arrow = found.name.find("->");
        if (arrow == std::string::npos) continue;
        const auto own = endpoint_of(std::string_view(found.name).substr(0, arrow));
        const auto peer = endpoint_of(std::string_view(found.name).substr(arrow + 2));
        if (own && peer) found.ends = record::Connection{*own, *peer};
    }
    return found;
}

void SocketLog::open(const Descriptor& descriptor, const IoEvent& event, const Options& options,
                     std::uint32_t side, bool show) {
    Tracked& tracked = connections_.emplace_back();
    tracked.ends = *descriptor.ends;
    tracked.number = static_cast<std::uint32_t>(connections_.size());
    tracked.from_begin = side != 0;
    tracked.side = side;
    tracked.options = options;
    current_[descriptor.name] = &tracked;
    if (show) tracked.events.push_back(event);
}

/// A socket that connects has no address before: it is known by its descriptor and its peer. The
/// log may be of several processes, which have descriptors of the same number.
std::optional<SocketLog::Connecting> SocketLog::take_connecting(const Descriptor& descriptor,
                                                                std::uint32_t thread) {
    const auto found = connecting_.find(descriptor.number);
    if (found == connecting_.end()) return std::nullopt;
    std::vector<Connecting>& begun = found->second;
    auto chosen = begun.end();
    for (auto it = begun.begin(); it != begun.end(); ++it) {
        if (!(it->peer == descriptor.ends->peer)) continue;
        if (chosen == begun.end() || it->event.thread == thread) chosen = it;
        if (it->event.thread == thread) break;
    }
    if (chosen == begun.end()) return std::nullopt;
    Connecting connecting = std::move(*chosen);
    begun.erase(chosen);
    return connecting;
}

SocketLog::Tracked& SocketLog::connection_of(const Descriptor& descriptor, std::uint32_t thread) {
    if (const auto begun = take_connecting(descriptor, thread)) {
        open(descriptor, begun->event, begun->options, EventFlags::kClient, begun->done);
    } else if (!current_.contains(descriptor.name)) {
        open(descriptor, {}, {}, 0, false);
    }
    return *current_.find(descriptor.name)->second;
}

void SocketLog::transfer(const SystemCall& call, const Descriptor& descriptor, EventKind kind,
                         Call name, std::optional<std::uint64_t> asked, std::int64_t taken,
                         std::string_view flags) {
    if (!descriptor.ends) return;
    // These take nothing out of the stream.
    if (kind == EventKind::kRead && (has_word(flags, "MSG_PEEK") ||
                                     has_word(flags, "MSG_ERRQUEUE") || has_word(flags, "MSG_OOB")))
        return;
    Tracked& tracked = connection_of(descriptor, call.thread);
    IoEvent event = event_of(call, kind, name, descriptor.number);
    event.returned = taken;
    if (!asked) ++without_size_;
    event.requested = asked.value_or(event.taken());
    const Options& options = tracked.options;
    if (options.known && kind == EventKind::kWrite)
        event.flags |= EventFlags::kOptionsKnown | (options.nodelay ? EventFlags::kNodelay : 0) |
                       (options.cork ? EventFlags::kCork : 0);
    if (has_word(flags, "MSG_MORE")) event.flags |= EventFlags::kMore;
    if (options.nonblocking || has_word(flags, "MSG_DONTWAIT"))
        event.flags |= EventFlags::kNonblocking;
    tracked.events.push_back(std::move(event));
    tracked.closed.reset();
}

void SocketLog::set_option(const SystemCall& call) {
    if (call.result != 0 || call.arguments.size() < 4) return;
    const Descriptor descriptor = descriptor_of(call.arguments[0]);
    if (!descriptor.tcp) return;
    std::string_view level = call.arguments[1];
    level.remove_prefix(std::min(level.size(), level.find('_') + 1));  // SOL_TCP, IPPROTO_TCP
    const auto* option =
        std::find_if(kOptions.begin(), kOptions.end(), [&](const OptionName& known) {
            return known.level == level && known.name == call.arguments[2];
        });
    if (option == kOptions.end()) return;
    std::string_view text = call.arguments[3];
    if (text.starts_with('[')) text.remove_prefix(1);
    const std::int64_t value = number_of(text).value_or(0);
    Options* state = nullptr;
    if (descriptor.ends) {
        Tracked& tracked = connection_of(descriptor, call.thread);
        IoEvent event = event_of(call, EventKind::kOption, Call::kSetsockopt, descriptor.number);
        event.option_level = option->level_number;
        event.option_name = option->number;
        event.requested = static_cast<std::uint64_t>(std::max<std::int64_t>(value, 0));
        if (option->name == "TCP_CONGESTION") event.congestion = unquoted(call.arguments[3]);
        tracked.events.push_back(std::move(event));
        state = &tracked.options;
    } else {
        state = &sockets_[descriptor.name];
    }
    if (option->name == "TCP_NODELAY") state->nodelay = value != 0;
    if (option->name == "TCP_CORK") state->cork = value != 0;
}

void SocketLog::accept(const SystemCall& call) {
    if (call.result < 0 || call.arguments.empty()) return;
    const Descriptor made = descriptor_of(call.descriptor);
    if (!made.ends) return;
    const Descriptor listener = descriptor_of(call.arguments[0]);
    Options options;  // Linux hands NODELAY and CORK down, and O_NONBLOCK not
    if (const auto known = sockets_.find(listener.name); known != sockets_.end())
        options = known->second;
    options.nonblocking = call.arguments.size() > 3 && has_word(call.arguments[3], "SOCK_NONBLOCK");
    IoEvent event = event_of(call, EventKind::kOpened, Call::kAccept, made.number);
    event.returned = 0;
    open(made, event, options, EventFlags::kServer, true);
}

void SocketLog::connect(const SystemCall& call) {
    if (call.arguments.size() < 2) return;
    const Descriptor descriptor = descriptor_of(call.arguments[0]);
    if (!descriptor.tcp || descriptor.ends) return;
    const auto text = address_text(call.arguments[1]);
    const auto peer = text ? endpoint_of(*text) : std::nullopt;
    if (!peer || (call.result != 0 && call.error != "EINPROGRESS")) return;
    Options options;
    if (const auto known = sockets_.find(descriptor.name); known != sockets_.end())
        options = known->second;
    sockets_.erase(descriptor.name);
    connecting_[descriptor.number].push_back(
        {*peer, event_of(call, EventKind::kOpened, Call::kConnect, descriptor.number), options,
         call.result == 0});
}

void SocketLog::add(const SystemCall& call) {
    const auto& arguments = call.arguments;
    const std::string_view name = call.name;
    const auto argument = [&](std::size_t i) {
        return i < arguments.size() ? std::string_view(arguments[i]) : std::string_view();
    };
    const auto number = [&](std::size_t i) { return size_of(number_of(argument(i))); };
    const auto moves = [&](EventKind kind, Call as, std::size_t descriptor,
                           std::optional<std::uint64_t> asked, std::string_view flags = {}) {
        transfer(call, descriptor_of(argument(descriptor)), kind, as, asked, call.result, flags);
    };
    constexpr EventKind kWrite = EventKind::kWrite, kRead = EventKind::kRead;
    constexpr std::string_view kPieces = "iov_len=";

    if (name == "write") {
        moves(kWrite, Call::kWrite, 0, number(2));
    } else if (name == "sendto" || name == "send") {
        moves(kWrite, Call::kSendto, 0, number(2), argument(3));
    } else if (name == "writev") {
        moves(kWrite, Call::kWritev, 0, sum_of(argument(1), kPieces));
    } else if (name == "sendmsg") {
        moves(kWrite, Call::kSendmsg, 0, sum_of(argument(1), kPieces), argument(2));
    } else if (name == "sendmmsg" || name == "recvmmsg") {
        const bool write = name == "sendmmsg";
        const auto taken =
            call.result < 0 ? std::optional<std::uint64_t>(0) : sum_of(argument(1), "msg_len=");
        if (taken || call.result <= 0)
            transfer(call, descriptor_of(argument(0)), write ? kWrite : kRead,
                     write ? Call::kSendmmsg : Call::kRecvmmsg, sum_of(argument(1), kPieces),
                     call.result <= 0 ? call.result : static_cast<std::int64_t>(*taken),
                     argument(3));
        else if (const Descriptor descriptor = descriptor_of(argument(0)); descriptor.ends)
            connection_of(descriptor, call.thread).from_begin =
                false;  // how many bytes is not in the log
    } else if (name == "sendfile" || name == "sendfile64") {
        moves(kWrite, Call::kSendfile, 0, number(3));
    } else if (name == "splice") {
        const Descriptor to = descriptor_of(argument(2)), from = descriptor_of(argument(0));
        if (to.ends) transfer(call, to, kWrite, Call::kSplice, number(4), call.result, {});
        if (from.ends) transfer(call, from, kRead, Call::kSplice, number(4), call.result, {});
    } else if (name == "read") {
        moves(kRead, Call::kRead, 0, number(2));
    } else if (name == "readv") {
        moves(kRead, Call::kReadv, 0, sum_of(argument(1), kPieces));
    } else if (name == "recvfrom" || name == "recv") {
        moves(kRead, Call::kRecvfrom, 0, number(2), argument(3));
    } else if (name == "recvmsg") {
        moves(kRead, Call::kRecvmsg, 0, sum_of(argument(1), kPieces), argument(2));
    } else if (name == "accept" || name == "accept4") {
        accept(call);
    } else if (name == "connect") {
        connect(call);
    } else if (name == "setsockopt") {
        set_option(call);
    } else if (name == "socket" && call.result >= 0) {
        const Descriptor made = descriptor_of(call.descriptor);
        if (!made.tcp) return;
        Options& options = sockets_[made.name] = {};
        options.known = true;
        options.nonblocking = has_word(argument(1), "SOCK_NONBLOCK");
    } else if (name == "bind" && call.result == 0) {
        // From here on the socket is printed by its address: listen() shows which it was.
        const Descriptor bound = descriptor_of(argument(0));
        const auto own = address_text(argument(1));
        const auto known = bound.tcp ? sockets_.find(bound.name) : sockets_.end();
        if (own && known != sockets_.end()) sockets_[*own] = known->second;
    } else if (name == "fcntl" && argument(1) == "F_SETFL") {
        if (const Descriptor set = descriptor_of(argument(0)); set.ends)
            connection_of(set, call.thread).options.nonblocking =
                has_word(argument(2), "O_NONBLOCK");
    } else if (name == "shutdown" && call.result == 0 && argument(1) != "SHUT_RD") {
        if (const Descriptor shut = descriptor_of(argument(0)); shut.ends)
            connection_of(shut, call.thread)
                .events.push_back(event_of(call, EventKind::kClosed, Call::kShutdown, shut.number));
    } else if (name == "close") {
        const Descriptor closed = descriptor_of(argument(0));
        // One that never connected; those of other threads may be of other processes.
        if (const auto begun = connecting_.find(closed.number); begun != connecting_.end())
            std::erase_if(begun->second, [&](const Connecting& connecting) {
                return connecting.event.thread == call.thread && !closed.ends;
            });
        // Another descriptor of the same connection may live on: the last close() counts.
        if (closed.ends && call.result == 0)
            connection_of(closed, call.thread).closed =
                event_of(call, EventKind::kClosed, Call::kClose, closed.number);
    } else if (name.starts_with("io_uring_")) {
        io_uring_ = true;
    }
}

void SocketLog::finish(const std::function<void(const record::Connection&, const IoEvent&)>& sink) {
    std::vector<std::pair<const Tracked*, const IoEvent*>> all;
    for (Tracked& tracked : connections_) {
        if (tracked.closed) tracked.events.push_back(*tracked.closed);
        // Bytes count in the order in which calls returned.
        std::stable_sort(tracked.events.begin(), tracked.events.end(),
                         [](const IoEvent& a, const IoEvent& b) { return a.left < b.left; });
        for (const EventKind kind : {EventKind::kWrite, EventKind::kRead}) {
            std::vector<IoEvent*> moved;
            std::uint64_t index = 0, offset = 0;
            for (IoEvent& event : tracked.events) {
                if (event.kind != kind) continue;
                event.offset = offset;
                offset += event.taken();
                if (event.taken() == 0) continue;
                event.index = ++index;
                moved.push_back(&event);
            }
            mark_overlaps(moved);
        }
        for (IoEvent& event : tracked.events) {
            event.connection = tracked.number;
            event.flags |= tracked.side;
            const bool moves = event.kind == EventKind::kWrite || event.kind == EventKind::kRead;
            if (moves && tracked.from_begin && !event.has(EventFlags::kAmbiguous)) {
                event.flags |= EventFlags::kOffsetKnown;
            } else {
                event.offset = 0;
            }
            all.emplace_back(&tracked, &event);
        }
    }
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
        return a.second->entered < b.second->entered;
    });
    for (const auto& [tracked, event] : all) sink(tracked->ends, *event);
}

}  // namespace seamark::import
