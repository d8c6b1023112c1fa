// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/case_file.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <stdexcept>

namespace seamark::test {
namespace {

constexpr std::string_view kAnswer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
constexpr std::string_view kTagged =
    "HTTP/1.1 200 OK\r\nSeamark: tag=w\r\nTransfer-Encoding: chunked\r\n\r\n";
constexpr std::string_view kRequest =
    "POST /log HTTP/1.1\r\nHost: pier.example\r\nTransfer-Encoding: chunked\r\n\r\n";

class Expansion {
  public:
    explicit Expansion(std::string_view cell) : cell_(cell) {}

    MarkedBytes run() {
        while (at_ < cell_.size()) {
            const char c = cell_[at_++];
            if (c == '\\') {
                escape();
            } else {
                put(c);
            }
        }
        if (missing_) fail("no \\] for a \\[");
        return std::move(result_);
    }

  private:
    [[noreturn]] void fail(std::string_view what) const {
        throw std::invalid_argument(std::string(what) + " in: " + std::string(cell_));
    }
    char next() {
        if (at_ == cell_.size()) fail("an escape that does not end");
        return cell_[at_++];
    }
    void put(char byte, bool dull = false) {
        result_.bytes += byte;
        result_.missing.push_back(missing_);
        result_.dull.push_back(dull);
    }
    void put_all(std::string_view bytes) {
        for (const char byte : bytes) put(byte);
    }
    void escape() {
        switch (const char kind = next()) {
            case 'r':
                return put('\r');
            case 'n':
                return put('\n');
            case 't':
                return put('\t');
            case '\\':
                return put('\\');
            case 'x':
                return put(static_cast<char>(number(2, 16)));
            case '^':
                return result_.marks.push_back(result_.bytes.size());
            case '[':
            case ']':
                missing_ = kind == '[';
                return;
            case '*':
                return repeat();
            case 'A':
                return put_all(kAnswer);
            case 'T':
                return put_all(kTagged);
            case 'Q':
                return put_all(kRequest);
            default:
                fail("an unknown escape");
        }
    }
    void repeat() {
        const auto open = std::min(cell_.find('{', at_), cell_.size());
        const unsigned times = number(open - at_, 10);
        if (next() != '{') fail("no { for a \\*");
        const auto close = std::min(cell_.find('}', at_), cell_.size());
        const std::string_view text = cell_.substr(at_, close - at_);
        at_ = close;
        if (next() != '}' || text.empty()) fail("no {...} for a \\*");
        constexpr unsigned kEdge = 40;
        for (unsigned time = 0; time < times; ++time)
            for (const char byte : text) put(byte, time >= kEdge && time + kEdge < times);
    }
    unsigned number(std::size_t digits, int base) {
        const std::string_view text = cell_.substr(at_, digits);
        unsigned value = 0;
        const auto [end, error] =
            std::from_chars(text.data(), text.data() + text.size(), value, base);
        if (text.empty() || error != std::errc{} || end != text.data() + text.size())
            fail("no number");
        at_ += digits;
        return value;
    }

    std::string_view cell_;
    std::size_t at_ = 0;
    bool missing_ = false;
    MarkedBytes result_;
};

std::vector<std::string> cells_of(std::string_view line) {
    std::vector<std::string> cells;
    for (std::size_t at = 0; at <= line.size();) {
        const auto tab = std::min(line.find('\t', at), line.size());
        cells.emplace_back(line.substr(at, tab - at));
        at = tab + 1;
    }
    return cells;
}

}  // namespace

MarkedBytes expand(std::string_view cell) {
    return Expansion(cell).run();
}

std::vector<std::vector<std::string>> read_case_file(const std::string& path) {
    std::ifstream file(path);
    if (!file) throw std::runtime_error("cannot read " + path);
    std::vector<std::vector<std::string>> rows;
    std::size_t columns = 0;
    std::string line;
    while (std::getline(file, line)) {
        if (line.empty() || line.starts_with('#')) continue;
        auto cells = cells_of(line);
        if (columns == 0) {
            columns = cells.size();
            continue;
        }
        if (cells.size() != columns)
            throw std::runtime_error(path + ": not " + std::to_string(columns) + " cells: " + line);
        rows.push_back(std::move(cells));
    }
    return rows;
}

}  // namespace seamark::test
