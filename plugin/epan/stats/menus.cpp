// SPDX-License-Identifier: GPL-2.0-or-later
#include "stats/menus.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "collect/record.hpp"
#include "core/report/explain.hpp"
#include "core/report/lanes_text.hpp"
#include "platform/registration.hpp"
#include "platform/shell.hpp"
#include "platform/text.hpp"
#include "stats/next_steps.hpp"
#include "stats/stats.hpp"

namespace seamark {
namespace {

/// What a text window of Wireshark's shows of a line before one has to make it wider.
constexpr std::size_t kWindowColumns = 72;

/// A text window stays quick up to about this much.
constexpr std::size_t kMostText = std::size_t{4} << 20;

const funnel_ops_t* gui() {
    return funnel_get_funnel_ops();
}

void show_window(const std::string& title, const std::string& text) {
    const funnel_ops_t* ops = gui();
    funnel_text_window_t* window = ops->new_text_window(ops->ops_id, shown_text(title).c_str());
    // Which takes what looks like HTML for HTML, where lines of tables can be kept from being wrapped.
    ops->set_text(window, shown_unwrapped(text).c_str());
}

using DialogCallback = void (*)(gchar**, void*) noexcept;

/// Asks for some lines of text; the dialog has copies of both.
void ask(const char* title, const gchar** fields, const gchar** values, DialogCallback answer) {
    const funnel_ops_t* ops = gui();
    ops->new_dialog(ops->ops_id, title, fields, values, answer, nullptr, nullptr);
}

/// What the user typed, without blanks around it; the strings are the callee's to free.
std::vector<std::string> take(gchar** typed) {
    std::vector<std::string> answers;
    for (gchar** at = typed; *at != nullptr; ++at) answers.emplace_back(g_strstrip(*at));
    g_strfreev(typed);
    return answers;
}

/// The connections that are recorded; nothing, with a window that says so, where there are none.
std::optional<std::vector<CaptureEntry>> connections_or_say(const std::string& title) {
    std::vector<CaptureEntry> entries = recorded().table();
    if (!entries.empty()) return entries;
    show_window(title,
                "No TCP payload is recorded: open a capture (File, Open) or start one, then try "
                "again.\n");
    return std::nullopt;
}

// ------------------------------------------------------------------------------------------ lanes

/// A stream's lanes, or those of all streams for an empty answer; nothing, with a window that says
/// so, where there are none. entries: outlives the lanes.
std::vector<Lanes> lanes_of(const std::vector<CaptureEntry>& entries, const std::string& stream,
                            const std::string& title) {
    std::span<const CaptureEntry> chosen = entries;
    if (!stream.empty()) {
        std::uint32_t number = 0;
        const char* end = stream.data() + stream.size();
        const auto [stop, error] = std::from_chars(stream.data(), end, number);
        if (error != std::errc() || stop != end) {
            show_window(title, "\"" + stream +
                                   "\" is no stream number: it is tcp.stream of a packet, counted "
                                   "from 0. An empty line stands for all streams.\n");
            return {};
        }
        const auto at =
            std::partition_point(entries.begin(), entries.end(),
                                 [&](const auto& entry) { return entry.stream < number; });
        const bool found = at != entries.end() && at->stream == number;
        chosen = chosen.subspan(static_cast<std::size_t>(at - entries.begin()), found ? 1 : 0);
    }
    std::vector<Lanes> lanes = gather_lanes(chosen, {}, recorded().legs().final());
    if (lanes.empty())
        show_window(title, "No HTTP/1.x message was recognised in " +
                               (stream.empty() ? "the capture" : "stream " + stream) +
                               ". The display filter seamark shows the packets of those in which "
                               "one was.\n");
    return lanes;
}

/// Lines for a text window, up to as many as it takes well.
class WindowText {
  public:
    LineSink sink() {
        return [this](std::string_view line) {
            cut_ = cut_ || text_.size() + line.size() > kMostText;
            if (!cut_) text_.append(line).append("\n");
        };
    }
    /// statistic: the one of tshark that has no limit.
    std::string take(const char* statistic) {
        if (cut_)
            text_ += std::string("… the rest is left out here; tshark -q -r FILE -z ") + statistic +
                     " has it all\n";
        return std::move(text_);
    }

  private:
    std::string text_;
    bool cut_ = false;
};

void show_chunks(void*) {
    const std::string title = "Seamark: chunk table";
    const auto entries = connections_or_say(title);
    if (!entries) return;
    WindowText text;
    write_chunk_text(*entries, {}, text.sink());
    show_window(title, text.take("seamark,chunks"));
}

void show_lanes(gchar** typed, void*) {
    const std::string stream = take(typed).at(0);
    const std::string title =
        "Seamark: lanes of " + (stream.empty() ? "all streams" : "stream " + stream);
    const auto entries = connections_or_say(title);
    if (!entries) return;
    const std::vector<Lanes> lanes = lanes_of(*entries, stream, title);
    if (lanes.empty()) return;
    WindowText text;
    write_lanes_text(lanes, text.sink(), stack_legs(*entries, lanes, recorded().legs().final()));
    show_window(title, text.take("seamark,lanes"));
}

void save_picture(gchar** typed, void*) {
    const std::vector<std::string> answers = take(typed);
    const std::string title = "Seamark: the lanes as a picture";
    const auto entries = connections_or_say(title);
    if (!entries) return;
    const std::string& file = answers.at(1);
    const std::string& axis = answers.at(2);
    if (file.empty() || (axis != "bytes" && axis != "time")) {
        show_window(title, file.empty()
                               ? "Name the file to write, as in lanes.svg in a folder of yours.\n"
                               : "\"" + axis + "\" is no axis: it is bytes or time.\n");
        return;
    }
    const std::vector<Lanes> lanes = lanes_of(*entries, answers.at(0), title);
    if (lanes.empty()) return;
    const std::string error =
        write_svg_file(lanes, stack_legs(*entries, lanes, recorded().legs().final()),
                       DelayBands(*entries, recorded().legs().final()), file,
                       axis == "time" ? Axis::kTime : Axis::kBytes);
    show_window(title,
                error.empty() ? "Written: " + file + "\nAny browser opens it.\n" : error + "\n");
}

// ---------------------------------------------------------------------------------------- explain

void explain(FrameNumber frame) {
    const std::string title =
        "Seamark: frame " + std::to_string(static_cast<std::uint32_t>(frame)) + " explained";
    const auto entries = connections_or_say(title);
    if (!entries) return;
    std::string text;
    write_explanation(
        *entries, frame, shell_steps(),
        [&](std::string_view line) { text.append(line).append("\n"); }, recorded().legs().final(),
        kWindowColumns);
    show_window(title, text);
}

void explain_typed(gchar** typed, void*) {
    const std::string number = take(typed).at(0);
    if (const auto frame = parse_frame(number)) {
        explain(*frame);
        return;
    }
    show_window("Seamark: no frame number",
                "\"" + number + "\" is no frame number: it stands in the column No., from 1.\n");
}

void explain_selected(void*, GPtrArray* fields) {
    if (const auto number = ws::frame_number(fields)) explain(FrameNumber{*number});
}

// ------------------------------------------------------------------------------------------- page

/// No window of the funnel is opened: that is safe in every version.
void open_page(FrameNumber frame) {
    std::string path;
    const std::string problem = write_temporary_page(frame, path);
    if (problem.empty()) {
        gui()->browser_open_data_file(path.c_str());
    } else {
        ::report_failure("%s", shown_text(problem).c_str());
    }
}

void open_page_of_drawn(void*) {
    open_page(recorded().last_drawn().frame);
}

void open_page_of_selected(void*, GPtrArray* fields) {
    if (const auto number = ws::frame_number(fields)) open_page(FrameNumber{*number});
}

// ------------------------------------------------------------------------------------------ menus

// A menu of Tools is not told which packet is selected: the dialogs begin with the frame that was
// drawn last, and its stream. values: read before ask() returns.

std::string drawn_stream() {
    return std::to_string(recorded().last_drawn().stream.value_or(0));
}

std::string drawn_frame() {
    const FrameNumber frame = recorded().last_drawn().frame;
    return frame == FrameNumber::kNone ? std::string()
                                       : std::to_string(static_cast<std::uint32_t>(frame));
}

void ask_for_stream(void*) {
    static const gchar* fields[] = {"Stream (tcp.stream; empty: all)", nullptr};
    const std::string stream = drawn_stream();
    const gchar* values[] = {stream.c_str(), nullptr};
    ask("Seamark: lanes of a stream", fields, values, shell<show_lanes>);
}

void ask_for_file(void*) {
    static const gchar* fields[] = {"Stream (tcp.stream; empty: all)", "File to write",
                                    "Axis (bytes or time)", nullptr};
    static const std::string file = std::string(g_get_home_dir()) + G_DIR_SEPARATOR_S "lanes.svg";
    const std::string stream = drawn_stream();
    const gchar* values[] = {stream.c_str(), file.c_str(), "bytes", nullptr};
    ask("Seamark: save the lanes as a picture", fields, values, shell<save_picture>);
}

void ask_for_frame(void*) {
    static const gchar* fields[] = {"Frame (column No.)", nullptr};
    const std::string frame = drawn_frame();
    const gchar* values[] = {frame.c_str(), nullptr};
    ask("Seamark: explain a frame", fields, values, shell<explain_typed>);
}

}  // namespace

void register_menus() {
    registration::add_menu("Seamark/Open as a page in the browser", shell<open_page_of_drawn>);
    registration::add_packet_menu("Seamark/Open as a page in the browser",
                                  shell<open_page_of_selected>);
    if (!ws::kWindowsAreSafe && g_getenv("SEAMARK_MENUS") == nullptr) return;
    registration::add_menu("Seamark/Lanes of a stream…", shell<ask_for_stream>);
    registration::add_menu("Seamark/Save the lanes as a picture…", shell<ask_for_file>);
    registration::add_menu("Seamark/Explain a frame…", shell<ask_for_frame>);
    // Not under Statistics, where entries of this kind have no submenus.
    registration::add_menu("Seamark/Chunk table", shell<show_chunks>);
    registration::add_packet_menu("Seamark/Explain this frame", shell<explain_selected>);
}

}  // namespace seamark
