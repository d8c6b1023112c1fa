// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/proxy/leg_index.hpp"

namespace seamark {

/// How sure it is that two exchanges are legs of one.
enum class LegConfidence : std::uint8_t {
    kConsistent,  // nothing speaks against it, and no other exchange fits
    kKnown,       // both responses carry the id that the emitter gave this one
};
/// "known", "consistent"
std::string_view to_string(LegConfidence confidence);

/// Whether positions in the two bodies mean the same bytes.
enum class BodyMatch : std::uint8_t {
    kSame,    // nothing compared differs
    kCoding,  // a content coding was added, removed or changed on the way
    kDiffer,  // captured bytes differ, or the lengths
};

/// Two legs of one exchange: what a server answered a proxy, and what the proxy answered.
struct LegPair {
    Leg upstream;
    Leg downstream;
    LegConfidence confidence = LegConfidence::kConsistent;
    BodyMatch match = BodyMatch::kSame;
    std::uint64_t compared = 0;  // bytes of both bodies that were compared and are equal
};

/// Why an exchange that looks like a leg is not paired.
enum class LegDoubt : std::uint8_t {
    kSeveral,    // more than one other exchange fits, or it fits one that others fit as well
    kStored,     // its id was sent before it was asked for: the answer was stored somewhere
    kAddresses,  // one fits, but the address of the proxy does not show that it is one host
    kNoBytes,    // one fits in time and target, but no bytes were captured that could be compared
    kCoding,     // one fits in time, target and status, but the content codings differ
};

/// Which exchanges are legs of one.
///
/// For two exchanges to fit, of different servers, the upstream request must begin when the
/// downstream one has ended, and the upstream response before the downstream one. With an id in
/// both, that is all. Without any, target, status and content coding must be the same, the client
/// upstream must have the address of the server downstream, or its request must say that a proxy
/// passed it on where the other does not, some body bytes must have been compared and none differ,
/// no captured byte may be behind the last one captured upstream, and none may have left downstream
/// before it came upstream. What one client asked two servers itself are no legs. An exchange
/// between two others is left to its neighbours. Whatever still fits two is not paired.
class LegPairs {
  public:
    /// Of everything that was recorded.
    explicit LegPairs(const LegIndex& index);
    /// Of the legs of one id alone: what can be said while the capture is still read. Bytes are
    /// not compared.
    explicit LegPairs(const std::vector<Leg>& with_one_id);

    const std::vector<LegPair>& pairs() const { return pairs_; }
    /// The pair in which leg is the downstream one, or the upstream one; null where there is none.
    const LegPair* by_downstream(const Leg& leg) const { return find(by_downstream_, leg); }
    const LegPair* by_upstream(const Leg& leg) const { return find(by_upstream_, leg); }
    /// Legs that are not the downstream one of any pair, though something is known of them.
    const std::map<Leg, LegDoubt>& doubts() const { return doubts_; }
    /// Of a leg that is in doubt, or of its candidate: the other one; null where there is none, or
    /// more than one.
    const Leg* candidate(const Leg& leg) const {
        const auto at = candidates_.find(leg);
        return at != candidates_.end() ? &at->second : nullptr;
    }

  private:
    struct Exchange;
    enum class Fit : std::uint8_t { kNo, kYes, kNoBytes, kAddresses, kCoding };
    using Places = std::map<Leg, std::size_t>;
    using Group = std::vector<const Exchange*>;

    const LegPair* find(const Places& places, const Leg& leg) const {
        const auto at = places.find(leg);
        return at != places.end() ? &pairs_[at->second] : nullptr;
    }
    using Edges = std::unordered_map<const Exchange*, std::vector<std::pair<const Exchange*, Fit>>>;
    static void drop_weak(Edges& below);
    void judge(Group& group, bool by_id);
    Fit fit(const Exchange& downstream, const Exchange& upstream, bool by_id) const;
    void pair(const Exchange& downstream, const Exchange& upstream, bool by_id);
    void note_stored(const Group& group);

    std::vector<LegPair> pairs_;
    Places by_downstream_;
    Places by_upstream_;
    std::map<Leg, LegDoubt> doubts_;
    std::map<Leg, Leg> candidates_;  // both ways
    // Addresses of one proxy towards its clients and its servers, as ids have shown.
    std::set<std::pair<std::uint64_t, std::uint64_t>> hosts_;
};

}  // namespace seamark
