// SPDX-License-Identifier: GPL-2.0-or-later
//
// Long, for it reads a whole stream without the core's reassembly, start lines, chunks and framer.
#include "support/model.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "core/base/characters.hpp"
#include "core/http1/framing.hpp"
#include "support/text.hpp"

namespace seamark::test {
namespace {

constexpr std::uint64_t kEndless = ~std::uint64_t{0};

/// Reading came to a byte that is not there.
struct Missing {
    std::uint64_t at;
    bool hole;  // captured bytes follow
};
/// What cannot be framed.
struct Refusal {
    std::uint64_t at;
    Fault fault;
};

/// Who carried each byte first, and where segments begin that carried theirs.
class Bytes {
  public:
    explicit Bytes(const std::vector<MadeSegment>& segments) {
        for (const MadeSegment& segment : segments) {
            const std::uint64_t end = segment.begin + segment.bytes.size();
            if (end > bytes_.size()) {
                bytes_.resize(end, -1);
                frames_.resize(end, 0);
            }
            for (std::uint64_t at = segment.begin; at < end; ++at) {
                if (bytes_[at] >= 0) continue;
                bytes_[at] = static_cast<unsigned char>(segment.bytes[at - segment.begin]);
                frames_[at] = segment.frame;
                if (at == segment.begin) begins_.insert(at);
            }
        }
    }

    std::uint64_t end() const { return bytes_.size(); }
    bool has(std::uint64_t at) const { return at < bytes_.size() && bytes_[at] >= 0; }
    unsigned char get(std::uint64_t at) const {
        if (!has(at)) throw Missing{at, at < bytes_.size()};
        return static_cast<unsigned char>(bytes_[at]);
    }
    std::optional<std::uint64_t> next_begin(std::uint64_t at) const {
        const auto found = begins_.lower_bound(at);
        return found == begins_.end() ? std::nullopt : std::optional(*found);
    }
    /// " 1:10 2:3"
    std::string carriers(std::uint64_t begin, std::uint64_t end) const {
        std::string text;
        for (std::uint64_t at = begin; at < std::min<std::uint64_t>(end, bytes_.size());) {
            std::uint64_t run = at;
            while (run < std::min<std::uint64_t>(end, bytes_.size()) && has(run) &&
                   frames_[run] == frames_[at])
                ++run;
            if (run > at)
                text += " " + std::to_string(frames_[at]) + ":" + std::to_string(run - at);
            at = std::max(run, at + 1);
        }
        return text;
    }

  private:
    std::vector<int> bytes_;
    std::vector<unsigned> frames_;
    std::set<std::uint64_t> begins_;
};

/// A line's bytes without LF or CRLF; moves at after it.
std::string read_line(const Bytes& bytes, std::uint64_t& at) {
    std::string line;
    for (unsigned char byte = 0; (byte = bytes.get(at++)) != '\n';) line += static_cast<char>(byte);
    if (!line.empty() && line.back() == '\r') line.pop_back();
    return line;
}

/// Takes a prefix of the characters that belong; how many.
template <typename Belongs>
std::size_t take(std::string_view& text, Belongs belongs) {
    std::size_t length = 0;
    while (length < text.size() && belongs(static_cast<unsigned char>(text[length]))) ++length;
    text.remove_prefix(length);
    return length;
}

std::optional<StartLine> read_start_line(std::string_view line, bool& blanks) {
    StartLine start;
    blanks = false;
    const auto version = [&] {
        if (!line.starts_with("HTTP/1.") || line.size() < 8 || line[7] < '0' || line[7] > '9')
            return false;
        start.minor_version = static_cast<std::uint8_t>(line[7] - '0');
        line.remove_prefix(8);
        return true;
    };
    if (line.starts_with("HTTP/")) {
        start.kind = MessageKind::kResponse;
        if (!version() || take(line, is_blank) == 0) return std::nullopt;
        const std::string_view code = line;
        if (take(line, is_digit) < 3 || code[0] == '0') return std::nullopt;
        const std::string_view reason = code.substr(3);
        if (!reason.empty() && !is_blank(static_cast<unsigned char>(reason[0])) &&
            reason[0] != '\r')
            return std::nullopt;
        start.status = static_cast<std::uint16_t>(std::stoi(std::string(code.substr(0, 3))));
        return start;
    }
    const std::string_view whole = line;
    const std::size_t method = take(line, is_token_char);
    if (method == 0 || method > 32 || take(line, is_blank) == 0) return std::nullopt;
    while (!line.empty() && is_blank(static_cast<unsigned char>(line.back())))
        line.remove_suffix(1);
    const auto last = line.find_last_of(" \t");
    if (last == std::string_view::npos) return std::nullopt;
    std::string_view target = line.substr(0, last);
    line.remove_prefix(last + 1);
    if (!version() || !line.empty()) return std::nullopt;
    while (!target.empty() && is_blank(static_cast<unsigned char>(target.back())))
        target.remove_suffix(1);
    if (target.empty()) return std::nullopt;
    for (const char c : target)
        if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f) return std::nullopt;
    blanks = target.find_first_of(" \t") != std::string_view::npos;
    if (blanks && target[0] != '/' && target[0] != 'h' && target[0] != 'H') return std::nullopt;
    const std::string_view name = whole.substr(0, method);
    start.method = name == "HEAD"      ? Method::kHead
                   : name == "CONNECT" ? Method::kConnect
                                       : Method::kOther;
    return start;
}

class Reader {
  public:
    Reader(const std::vector<MadeSegment>& segments, const std::vector<Method>& requests)
        : bytes_(segments), requests_(requests) {}

    std::string read() {
        // The byte after the SYN is the first of the stream: a hole in front of the first segment
        // is a hole like any other, and there is no message to be right after of.
        search(0);
        return text_;
    }

  private:
    /// The start line at a position, empty lines in front of it skipped: at which byte it begins.
    std::optional<std::uint64_t> start_line_at(std::uint64_t at, StartLine& line,
                                               std::uint64_t& behind) {
        const std::uint64_t first = at;
        try {
            while (true) {
                std::uint64_t next = at;
                const std::string text = read_line(bytes_, next);
                if (text.empty()) {
                    at = next;
                    continue;
                }
                const auto start = read_start_line(text, blanks_);
                garbage_ = garbage_ || !start;
                if (!start) return std::nullopt;
                line = *start;
                behind = next;
                return at;
            }
        } catch (const Missing& missing) {
            // What cannot become a start line is known before its end.
            StartLineParser parser;
            for (std::uint64_t i = first; i < missing.at; ++i)
                garbage_ =
                    garbage_ || parser.feed(bytes_.get(i)) == StartLineParser::Verdict::kImpossible;
            return std::nullopt;
        }
    }

    /// After garbage, a line with blanks in its target may be more of it: a segment inside it that
    /// begins a line without them is preferred.
    std::uint64_t inner_line(std::uint64_t begin, StartLine& line, std::uint64_t behind) {
        if (!garbage_ || !blanks_) return begin;
        for (auto at = bytes_.next_begin(begin + 1); at && *at < behind;
             at = bytes_.next_begin(*at + 1)) {
            StartLine inner;
            std::uint64_t end = 0;
            if (start_line_at(*at, inner, end) != at || blanks_) continue;
            line = inner;
            return *at;
        }
        return begin;
    }

    void search(std::uint64_t from) {
        for (auto begin = bytes_.next_begin(from); begin; begin = bytes_.next_begin(*begin + 1)) {
            StartLine line;
            std::uint64_t behind = 0;
            if (const auto at = start_line_at(*begin, line, behind)) {
                const std::uint64_t chosen = inner_line(*at, line, behind);
                return message(chosen, behind, line);
            }
        }
    }

    /// Right after a message.
    void next(std::uint64_t at) {
        StartLine line;
        std::uint64_t behind = 0;
        if (const auto begin = start_line_at(at, line, behind))
            return message(*begin, behind, line);
        search(at);
    }

    void message(std::uint64_t begin, std::uint64_t at, const StartLine& line) {
        const bool response = line.kind == MessageKind::kResponse;
        const std::size_t answers = finals_;
        garbage_ = false;
        if (response && (line.status >= 200 || line.status == 101)) ++finals_;
        if (response) text_ += std::to_string(line.status) + " ";
        const auto head_text = [&](Framing framing, std::uint64_t end) {
            text_ += std::string(to_string(framing)) + " " + std::to_string(begin) + "+" +
                     std::to_string(end - begin);
        };
        HeadParser head;
        try {
            while (true) {
                const std::uint64_t line_begin = at;
                const std::string field = read_line(bytes_, at);
                for (std::uint64_t i = line_begin; i < at; ++i) head.feed(bytes_.get(i));
                if (field.empty()) break;
            }
        } catch (const Missing& missing) {
            head_text(Framing::kUnknown, missing.at);
            return missing_in_message(missing);
        }
        const Method method =
            response && answers < requests_.size() ? requests_[answers] : Method::kUnknown;
        const auto decision = decide_framing(line, head.fields(), method);
        head_text(decision.framing, at);
        switch (decision.framing) {
            case Framing::kUnknown:
                text_ += " at " + std::to_string(at) + "\n";
                return;
            case Framing::kClose:  // neither FIN nor RST is captured here
                text_ += " !unfinished\n";
                return;
            case Framing::kNone:
            case Framing::kTunnel:
                text_ += " ended\n";
                if (line.status != 101) next(at);
                return;
            case Framing::kContentLength: {
                const bool far = decision.length > kEndless - at - (std::uint64_t{1} << 49);
                text_ += " body " + (far ? "far" : std::to_string(decision.length)) + " ended";
                const bool cut = far || at + decision.length > bytes_.end();
                text_ += cut ? " !unfinished\n" : "\n";
                if (!cut) next(at + decision.length);
                return;
            }
            case Framing::kChunked:
                break;
        }
        std::string chunks;
        std::string end;
        std::optional<std::uint64_t> go_on;
        bool ended = false;
        try {
            while (!ended) ended = chunk(at, chunks);
            go_on = at;
        } catch (const Missing& missing) {
            end = missing.hole ? " at " + std::to_string(missing.at) + " !missing-bytes"
                               : " !unfinished";
            if (missing.hole) go_on = missing.at;
        } catch (const Refusal& refusal) {
            end =
                " at " + std::to_string(refusal.at) + " !" + std::string(to_string(refusal.fault));
        }
        text_ += (ended ? " ended" : end) + "\n" + chunks;
        if (ended) {
            next(*go_on);
        } else if (go_on) {
            search(*go_on);
        }
    }

    void missing_in_message(const Missing& missing) {
        text_ += missing.hole ? " at " + std::to_string(missing.at) + " !missing-bytes\n"
                              : " !unfinished\n";
        if (missing.hole) search(missing.at);
    }

    /// One chunk from its size line on; true when it was the last.
    bool chunk(std::uint64_t& at, std::string& chunks) {
        const std::uint64_t begin = at;
        std::uint64_t size = 0;
        while (hex_value(bytes_.get(at)) >= 0) {
            if (size >> 60 != 0) throw Refusal{at, Fault::kSizeOverflow};
            size = size * 16 + static_cast<std::uint64_t>(hex_value(bytes_.get(at++)));
        }
        if (at == begin) throw Refusal{at, Fault::kMissingSize};
        while (is_blank(bytes_.get(at))) ++at;
        std::uint64_t line_end = at;  // of the text in front of the line end
        if (bytes_.get(at) == ';') {
            read_line(bytes_, at);
            line_end = at - 1;
            if (bytes_.get(line_end - 1) == '\r') --line_end;
        } else if (bytes_.get(at) == '\r') {
            if (bytes_.get(at + 1) != '\n') throw Refusal{at + 1, Fault::kBadSizeLineEnd};
            at += 2;
        } else if (bytes_.get(at) == '\n') {
            ++at;
        } else {
            throw Refusal{at, Fault::kBadSize};
        }
        std::string line;
        for (std::uint64_t i = begin; i < line_end; ++i) line += static_cast<char>(bytes_.get(i));
        const bool beyond = size > bytes_.end();  // no captured byte can follow the data
        const std::uint64_t tail = beyond ? bytes_.end() : at + size;
        const auto record = [&](std::uint64_t end, bool ended) {
            chunks += "  " + line + " @" + std::to_string(begin) +
                      bytes_.carriers(begin, std::max(end, tail)) + " tail " +
                      std::to_string(end - std::min(end, tail)) + (ended ? " ended\n" : "\n");
        };
        at = tail;
        if (beyond) {
            record(tail, false);
            throw Missing{tail, false};
        }
        try {
            if (size == 0) {
                while (!read_line(bytes_, at).empty()) {
                }
            } else if (bytes_.get(at) != '\n') {
                if (bytes_.get(at) != '\r') throw Refusal{at, Fault::kBadChunkEnd};
                ++at;
                if (bytes_.get(at) != '\n') throw Refusal{at, Fault::kBadChunkEnd};
                ++at;
            } else {
                ++at;
            }
        } catch (const Missing& missing) {
            record(std::max(missing.at, tail), false);
            throw;
        } catch (const Refusal& refusal) {
            record(refusal.at, false);
            throw;
        }
        record(at, true);
        return size == 0;
    }

    Bytes bytes_;
    bool garbage_ = false;  // something since the last message is no start line
    bool blanks_ = false;   // in the target of the last start line that was read
    std::vector<Method> requests_;
    std::size_t finals_ = 0;
    std::string text_;
};

}  // namespace

std::string model_reading(const std::vector<MadeSegment>& segments,
                          const std::vector<Method>& requests) {
    return Reader(segments, requests).read();
}

}  // namespace seamark::test
