// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/event/io_event.hpp"

#include "core/base/display_text.hpp"

namespace seamark {
namespace {

std::string_view to_words(Transmission transmission) {
    switch (transmission) {
        case Transmission::kScheduled:
            return "queued for the device";
        case Transmission::kAcknowledged:
            return "acknowledged by the peer";
        case Transmission::kSentAgain:
            return "sent again";
        case Transmission::kUnknown:
        case Transmission::kSent:
            break;
    }
    return "the kernel sent";
}

std::string where(const IoEvent& event) {
    return event.has(EventFlags::kOffsetKnown | EventFlags::kOwnOffsetKnown)
               ? " at " + std::to_string(event.offset)
               : "";
}

/// The optional fields that most records do not have.
std::string what_else(const IoEvent& event) {
    std::string text;
    if (event.has(EventFlags::kAmbiguous)) text += ", which bytes is not certain";
    if (event.has(EventFlags::kEntryUnknown)) text += ", when it began is not certain";
    if (event.sequence) text += ", sequence number " + std::to_string(*event.sequence);
    if (event.pacing && *event.pacing != Pacing::kNone) text += ", paced";
    if (event.dropped)
        text += ", " + std::to_string(*event.dropped) + " events were dropped before it";
    return text;
}

/// Where a recorder knows no offset, the sequence number says which bytes.
std::string describe_transmission(const IoEvent& event) {
    std::string text;
    if (event.taken() > 0) text = std::to_string(event.taken()) + " bytes ";
    text += to_words(event.transmission);
    const bool by_number = event.sequence && !event.has(EventFlags::kOffsetKnown);
    if (!by_number) text += " up to " + std::to_string(event.offset);
    return text + what_else(event);
}

std::string describe_transfer(const IoEvent& event, std::string_view noun) {
    std::string text(noun);
    if (event.index > 0) text += ' ' + std::to_string(event.index);
    text += ": ";
    text += to_string(event.call);
    if (event.returned < 0) {
        text += " of " + std::to_string(event.requested) + " bytes failed";
        if (event.error != 0) text += ", errno " + std::to_string(event.error);
        return text;
    }
    text +=
        ' ' + std::to_string(event.returned) + " of " + std::to_string(event.requested) + " bytes";
    text += where(event);
    if (event.layer && *event.layer != Layer::kSocket)
        text += " of " + std::string(to_string(*event.layer));
    if (event.kind == EventKind::kRead && event.returned == 0 && event.requested > 0)
        text += ", the end of the stream";
    if (event.has(EventFlags::kMore)) text += ", MSG_MORE";
    if (event.has(EventFlags::kCork)) text += ", corked";
    if (event.state) text += ", " + std::to_string(event.state->not_sent) + " not sent yet";
    if (event.receive_state)
        text += ", " + std::to_string(event.receive_state->unread) + " left unread";
    return text + what_else(event);
}

/// Linux's names and numbers, as the record has them.
std::string option_words(const IoEvent& event) {
    struct Option {
        std::uint16_t level, name;
        std::string_view words;
    };
    constexpr std::uint16_t kSocket = 1, kTcp = 6;
    constexpr Option known[] = {
        {kSocket, 7, "SO_SNDBUF"},    {kSocket, 8, "SO_RCVBUF"},
        {kSocket, 9, "SO_KEEPALIVE"}, {kSocket, 13, "SO_LINGER"},
        {kSocket, 18, "SO_RCVLOWAT"}, {kSocket, 47, "SO_MAX_PACING_RATE"},
        {kTcp, 1, "TCP_NODELAY"},     {kTcp, 2, "TCP_MAXSEG"},
        {kTcp, 3, "TCP_CORK"},        {kTcp, 12, "TCP_QUICKACK"},
        {kTcp, 13, "TCP_CONGESTION"}, {kTcp, 25, "TCP_NOTSENT_LOWAT"},
    };
    const std::string found = event.call == Call::kGetsockopt ? " was found" : "";
    for (const Option& option : known)
        if (option.level == event.option_level && option.name == event.option_name)
            return std::string(option.words) + found;
    return "option " + std::to_string(event.option_name) + " of level " +
           std::to_string(event.option_level) + found;
}

/// " set to bbr", " set to 1000": what was recorded of the value. Of one that is a text the number
/// is none.
std::string option_value(const IoEvent& event) {
    constexpr std::uint16_t kTcp = 6, kCongestion = 13;
    if (event.returned < 0) return " was refused, errno " + std::to_string(event.error);
    if (!event.congestion.empty())
        return " set to " + DisplayText::of(event.congestion, IoEvent::kShownName).string();
    if (event.option_level == kTcp && event.option_name == kCongestion)
        return " set, to what was not recorded";
    if (event.sets_pacing_rate())
        return event.requested < IoEvent::kNoPacing
                   ? " set to " + std::to_string(event.requested) + " bytes a second"
                   : std::string(" set to no limit");
    return " set to " + std::to_string(event.requested);
}

}  // namespace

#define SEAMARK_TEXT(number, c_name, name, text) \
    case number:                                 \
        return text;
std::string_view to_string(EventKind kind) {
    switch (static_cast<std::uint8_t>(kind)) { SEAMARK_EVENT_KINDS(SEAMARK_TEXT) }
    return "unknown";
}

std::string_view to_string(Call call) {
    switch (static_cast<std::uint16_t>(call)) { SEAMARK_EVENT_CALLS(SEAMARK_TEXT) }
    return "call";
}

std::string_view to_string(Layer layer) {
    switch (static_cast<std::uint32_t>(layer)) { SEAMARK_EVENT_LAYERS(SEAMARK_TEXT) }
    return "unknown";
}
#undef SEAMARK_TEXT

std::string describe(const IoEvent& event) {
    switch (event.kind) {
        case EventKind::kWrite:
            return describe_transfer(event, "write");
        case EventKind::kRead:
            return describe_transfer(event, "read");
        case EventKind::kOpened:
            return "connection opened by " + std::string(to_string(event.call));
        case EventKind::kClosed:
            return "connection closed by " + std::string(to_string(event.call));
        case EventKind::kOption:
            return option_words(event) + option_value(event);
        case EventKind::kTimestamp:
            return describe_transmission(event);
        case EventKind::kEnd:
            return "end of the record: " + std::to_string(event.requested) + " events recorded, " +
                   std::to_string(event.returned) + " dropped";
        case EventKind::kUpperWrite:
            return describe_transfer(event, "write above the socket");
        case EventKind::kUpperRead:
            return describe_transfer(event, "read above the socket");
        case EventKind::kUnseenWrite:
            return std::to_string(event.taken()) + " bytes sent by no recorded call" + where(event);
        case EventKind::kUnseenRead:
            return std::to_string(event.taken()) + " bytes read by no recorded call" + where(event);
    }
    return "an event of a kind that this version does not know";
}

}  // namespace seamark
