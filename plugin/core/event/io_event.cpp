// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/event/io_event.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/base/display_text.hpp"
#include "core/base/moment.hpp"

namespace seamark {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kFixedLength = 84;
constexpr std::size_t kFirstStateLength = 32;  // what a recorder must tell at least

/// Optional parts, each: type, length of the value (both 16 bit), value, padded to 4 bytes.
enum class Part : std::uint16_t { kState = 1, kProgram = 2, kCongestion = 3, kReceiveState = 4 };

class Writer {
  public:
    explicit Writer(std::vector<std::uint8_t>& out) : out_(&out) {}
    template <typename Integer>
    void put(Integer value) {
        for (int shift = static_cast<int>(sizeof value) * 8 - 8; shift >= 0; shift -= 8)
            out_->push_back(static_cast<std::uint8_t>(static_cast<std::uint64_t>(value) >> shift));
    }
    void part(Part type, std::span<const std::uint8_t> value) {
        put(static_cast<std::uint16_t>(type));
        put(static_cast<std::uint16_t>(value.size()));
        out_->insert(out_->end(), value.begin(), value.end());
        out_->insert(out_->end(), (4 - value.size() % 4) % 4, 0);
    }

  private:
    std::vector<std::uint8_t>* out_;
};

/// Big-endian numbers from the front of some bytes; zeros once they are used up.
class Reader {
  public:
    explicit Reader(std::span<const std::uint8_t> bytes) : rest_(bytes) {}
    template <typename Integer>
    Integer take() {
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < sizeof(Integer); ++i) {
            value = value << 8 | (rest_.empty() ? 0 : rest_.front());
            if (!rest_.empty()) rest_ = rest_.subspan(1);
        }
        return static_cast<Integer>(value);
    }
    template <typename Integer>
    void take(Integer& value) {
        value = take<Integer>();
    }
    std::span<const std::uint8_t> bytes(std::size_t count) {
        const auto taken = rest_.first(std::min(count, rest_.size()));
        rest_ = rest_.subspan(taken.size());
        return taken;
    }
    std::size_t left() const { return rest_.size(); }

  private:
    std::span<const std::uint8_t> rest_;
};

/// In their order on the wire.
template <typename Visit>
void each_number(KernelState& state, Visit visit) {
    for (std::uint32_t KernelState::*number :
         {&KernelState::cwnd, &KernelState::unacked, &KernelState::mss, &KernelState::peer_window,
          &KernelState::rtt_us, &KernelState::queued, &KernelState::not_sent,
          &KernelState::retransmits, &KernelState::in_flight, &KernelState::device_memory,
          &KernelState::queue_memory, &KernelState::send_buffer, &KernelState::pacing_rate,
          &KernelState::rwnd_limited, &KernelState::sndbuf_limited, &KernelState::recovery})
        visit(state.*number);
}
template <typename Visit>
void each_number(ReceiveState& state, Visit visit) {
    for (std::uint32_t ReceiveState::*number : {&ReceiveState::unread, &ReceiveState::low_water,
                                                &ReceiveState::memory, &ReceiveState::buffer})
        visit(state.*number);
}

template <typename State>
State numbers_of(std::span<const std::uint8_t> value) {
    Reader reader(value);
    State state;
    each_number(state, [&](std::uint32_t& number) { reader.take(number); });
    return state;
}

template <typename State>
void put_numbers(Writer& writer, Part type, State state) {
    std::vector<std::uint8_t> numbers;
    Writer part(numbers);
    each_number(state, [&](std::uint32_t number) { part.put(number); });
    writer.part(type, numbers);
}

constexpr std::size_t kLongestName = 255;

void put_text(Writer& writer, Part type, const std::string& text) {
    if (text.empty()) return;
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    writer.part(type, {bytes, std::min(text.size(), kLongestName)});
}

void read_parts(Reader& reader, IoEvent& event) {
    while (reader.left() >= 4) {
        const auto type = static_cast<Part>(reader.take<std::uint16_t>());
        const std::size_t length = reader.take<std::uint16_t>();
        if (length > reader.left()) return;
        const auto value = reader.bytes(length);
        reader.bytes((4 - length % 4) % 4);
        if (type == Part::kState && length >= kFirstStateLength) {
            event.state = numbers_of<KernelState>(value);
        } else if (type == Part::kReceiveState) {
            event.receive_state = numbers_of<ReceiveState>(value);
        } else if (type == Part::kProgram) {
            event.program.assign(value.begin(), value.end());
        } else if (type == Part::kCongestion) {
            event.congestion.assign(value.begin(), value.end());
        }
    }
}

constexpr std::array<std::pair<Call, std::string_view>, 20> kCalls{{
    {Call::kSend, "send"},         {Call::kSendto, "sendto"},     {Call::kSendmsg, "sendmsg"},
    {Call::kSendmmsg, "sendmmsg"}, {Call::kWrite, "write"},       {Call::kWritev, "writev"},
    {Call::kSendfile, "sendfile"}, {Call::kSplice, "splice"},     {Call::kRead, "read"},
    {Call::kReadv, "readv"},       {Call::kRecv, "recv"},         {Call::kRecvfrom, "recvfrom"},
    {Call::kRecvmsg, "recvmsg"},   {Call::kConnect, "connect"},   {Call::kAccept, "accept"},
    {Call::kClose, "close"},       {Call::kShutdown, "shutdown"}, {Call::kSetsockopt, "setsockopt"},
    {Call::kRecvmmsg, "recvmmsg"}, {Call::kPwritev, "pwritev"},
}};

std::string_view to_words(Transmission transmission) {
    switch (transmission) {
        case Transmission::kScheduled:
            return "queued for the device";
        case Transmission::kAcknowledged:
            return "acknowledged by the peer";
        case Transmission::kUnknown:
        case Transmission::kSent:
            break;
    }
    return "the kernel sent";
}

std::string describe_transfer(const IoEvent& event, std::string_view noun) {
    std::string text(noun);
    if (event.index > 0) text += ' ' + std::to_string(event.index);
    text += ": ";
    text += to_string(event.call);
    if (event.returned < 0) {
        text += " of " + std::to_string(event.requested) + " bytes failed, errno " +
                std::to_string(event.error);
        return text;
    }
    text +=
        ' ' + std::to_string(event.returned) + " of " + std::to_string(event.requested) + " bytes";
    if (event.has(EventFlags::kOffsetKnown)) text += " at " + std::to_string(event.offset);
    if (event.kind == EventKind::kRead && event.returned == 0 && event.requested > 0)
        text += ", the end of the stream";
    if (event.has(EventFlags::kMore)) text += ", MSG_MORE";
    if (event.has(EventFlags::kCork)) text += ", corked";
    if (event.state) text += ", " + std::to_string(event.state->not_sent) + " not sent yet";
    if (event.receive_state)
        text += ", " + std::to_string(event.receive_state->unread) + " left unread";
    return text;
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
    for (const Option& option : known)
        if (option.level == event.option_level && option.name == event.option_name)
            return std::string(option.words);
    return "option " + std::to_string(event.option_name) + " of level " +
           std::to_string(event.option_level);
}

}  // namespace

std::string_view to_string(Call call) {
    for (const auto& [value, name] : kCalls)
        if (value == call) return name;
    return "call";
}

void encode(const IoEvent& event, std::vector<std::uint8_t>& out) {
    Writer writer(out);
    writer.put(kVersion);
    writer.put(static_cast<std::uint8_t>(event.kind));
    writer.put(static_cast<std::uint16_t>(kFixedLength));
    writer.put(event.flags);
    writer.put(event.index);
    writer.put(event.offset);
    writer.put(event.requested);
    writer.put(event.returned);
    writer.put(event.entered);
    writer.put(event.left);
    writer.put(event.error);
    writer.put(event.descriptor);
    writer.put(event.process);
    writer.put(event.thread);
    writer.put(event.connection);
    writer.put(static_cast<std::uint16_t>(event.call));
    writer.put(static_cast<std::uint8_t>(event.recorder));
    writer.put(static_cast<std::uint8_t>(event.transmission));
    writer.put(event.option_level);
    writer.put(event.option_name);
    if (event.state) put_numbers(writer, Part::kState, *event.state);
    if (event.receive_state) put_numbers(writer, Part::kReceiveState, *event.receive_state);
    put_text(writer, Part::kProgram, event.program);
    put_text(writer, Part::kCongestion, event.congestion);
}

std::optional<IoEvent> decode(std::span<const std::uint8_t> record) {
    if (record.size() < kFixedLength) return std::nullopt;
    Reader reader(record);
    IoEvent event;
    if (reader.take<std::uint8_t>() < kVersion) return std::nullopt;
    event.kind = static_cast<EventKind>(reader.take<std::uint8_t>());
    const std::size_t fixed_length = reader.take<std::uint16_t>();
    if (fixed_length < kFixedLength || fixed_length > record.size()) return std::nullopt;
    reader.take(event.flags);
    reader.take(event.index);
    reader.take(event.offset);
    reader.take(event.requested);
    reader.take(event.returned);
    event.entered = moment_of(reader.take<std::int64_t>());
    event.left = moment_of(reader.take<std::int64_t>());
    reader.take(event.error);
    reader.take(event.descriptor);
    reader.take(event.process);
    reader.take(event.thread);
    reader.take(event.connection);
    event.call = static_cast<Call>(reader.take<std::uint16_t>());
    event.recorder = static_cast<Recorder>(reader.take<std::uint8_t>());
    event.transmission = static_cast<Transmission>(reader.take<std::uint8_t>());
    reader.take(event.option_level);
    reader.take(event.option_name);
    Reader parts(record.subspan(fixed_length));
    read_parts(parts, event);
    return event;
}

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
            return option_words(event) + " set to " +
                   (event.congestion.empty()
                        ? std::to_string(event.requested)
                        : DisplayText::of(event.congestion, IoEvent::kShownName).string());
        case EventKind::kTimestamp:
            return std::string(to_words(event.transmission)) + " up to " +
                   std::to_string(event.offset);
        case EventKind::kEnd:
            return "end of the record: " + std::to_string(event.requested) + " events recorded, " +
                   std::to_string(event.returned) + " dropped";
    }
    return "an event of a kind that this version does not know";
}

}  // namespace seamark
