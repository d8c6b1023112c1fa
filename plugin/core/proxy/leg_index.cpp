// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/proxy/leg_index.hpp"

#include <algorithm>

namespace seamark {
namespace {

std::uint64_t server_of(const Connection& connection, Side requester) {
    return connection.ends().port[static_cast<std::size_t>(other(requester))];
}

/// One client asked both servers itself, and is neither of them: no proxy asked for it.
bool asked_both(const ConnectionEnds& one, Side asked_one, const ConnectionEnds& two,
                Side asked_two) {
    const auto client = [](const ConnectionEnds& ends, Side asked) {
        return ends.address[static_cast<std::size_t>(asked)];
    };
    // The same port, too: no client but a layer-4 proxy that keeps the client's address.
    if (one.port[static_cast<std::size_t>(asked_one)] ==
        two.port[static_cast<std::size_t>(asked_two)])
        return false;
    const std::uint64_t itself = client(one, asked_one);
    return itself == client(two, asked_two) && client(one, other(asked_one)) != itself &&
           client(two, other(asked_two)) != itself;
}

bool answered(const Connection& connection, Side requester, std::uint32_t request) {
    const auto answer = connection.answer_to(requester, request);
    return answer && connection.stream(other(requester)).messages()[*answer].ended;
}

}  // namespace

void LegIndex::request(Connection& connection, Side sender, std::uint32_t message) {
    const std::uint64_t key = connection.stream(sender).messages()[message].key;
    std::vector<Request>& open = open_[key];
    const Request now{&connection, sender, message};
    const std::uint64_t server = server_of(connection, sender);
    bool any = false;
    for (const Request& before : open) {
        if (before.connection == &connection ||
            server_of(*before.connection, before.sender) == server)
            continue;
        if (asked_both(before.connection->ends(), before.sender, connection.ends(), sender))
            continue;
        if (answered(*before.connection, before.sender, before.message)) continue;
        watch(before);
        any = true;
    }
    if (any) watch(now);
    if (open.size() >= kMostOpen) {
        std::erase_if(
            open, [](const Request& r) { return answered(*r.connection, r.sender, r.message); });
        if (open.size() >= kMostOpen) open.erase(open.begin());
    }
    open.push_back(now);
}

void LegIndex::watch(const Request& request) {
    request.connection->watch_answer(request.sender, request.message);
    const Side responder = other(request.sender);
    const auto answer = request.connection->answer_to(request.sender, request.message);
    if (!answer || !request.connection->stream(responder).messages()[*answer].head_whole) return;
    add(*request.connection, responder, *answer);
}

void LegIndex::response(Connection& connection, Side sender, std::uint32_t message) {
    const Message& response = connection.stream(sender).messages()[message];
    if (response.key != 0 || connection.answer_is_watched(sender, message))
        add(connection, sender, message);
}

void LegIndex::forget(Connection& connection, Side sender, std::uint32_t first) {
    const auto void_leg = [&](const auto& leg) {
        return leg.connection == &connection && leg.sender == sender && leg.message >= first;
    };
    std::erase_if(legs_, void_leg);
    for (auto& [id, legs] : by_id_) std::erase_if(legs, void_leg);
    for (auto& [key, requests] : open_) std::erase_if(requests, void_leg);
}

void LegIndex::add(Connection& connection, Side sender, std::uint32_t message) {
    if (connection.stream(sender).watched(message) != nullptr) return;
    connection.watch(sender, message);
    const Leg leg{&connection, sender, message};
    legs_.push_back(leg);
    if (leg.response().key != 0) by_id_[leg.response().key].push_back(leg);
}

const std::vector<Leg>& LegIndex::with_id(std::uint64_t id) const {
    static const std::vector<Leg> kNone;
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? kNone : found->second;
}

}  // namespace seamark
