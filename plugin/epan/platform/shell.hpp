// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <exception>
#include <type_traits>

#include "platform/wireshark.hpp"

namespace seamark {

/// Text of an exception in memory of the program, escaped, so that neither memory nor an exception
/// is needed to keep it. Valid until the next call.
const char* failure_text(const char* what) noexcept;

/// Runs work. The text of the C++ exception that left it, null where none did. A longjmp of
/// libwireshark passes through.
template <typename Work>
const char* failure_of(Work&& work) noexcept {
    try {
        work();
    } catch (const std::exception& error) {
        return failure_text(error.what());
    } catch (...) {
        return failure_text("an exception of an unknown type");
    }
    return nullptr;
}

/// Reports what failed outside of a frame, as libwireshark reports warnings: tshark on standard
/// error, Wireshark in a window.
void report_failure(const char* failure) noexcept;

/// What a callback returns that failed.
template <typename Result>
inline constexpr Result kFailed{};
template <>
inline constexpr tap_packet_status kFailed<tap_packet_status> = TAP_PACKET_FAILED;

template <auto kCallback>
struct Shell;
template <typename Result, typename... Arguments, Result (*kCallback)(Arguments...)>
struct Shell<kCallback> {
    static Result call(Arguments... arguments) noexcept {
        if constexpr (std::is_void_v<Result>) {
            if (const char* failure = failure_of([&] { kCallback(arguments...); }))
                report_failure(failure);
        } else {
            Result result = kFailed<Result>;
            if (const char* failure = failure_of([&] { result = kCallback(arguments...); }))
                report_failure(failure);
            return result;
        }
    }
};

/// A function of ours as one that libwireshark may call outside of a frame's dissection: no C++
/// exception leaves it, but is reported.
template <auto kCallback>
inline constexpr auto shell = &Shell<kCallback>::call;

/// Keeps what failed in a frame for show_failure(), in this pass and in later ones. The first
/// failure of a frame stays.
void note_failure(packet_info* pinfo, const char* failure) noexcept;
/// Adds the expert info seamark.failed where something failed in this frame. The post-dissector
/// comes last, and shows it.
void show_failure(tvbuff_t* tvb, packet_info* pinfo, proto_tree* tree) noexcept;

/// Runs work of a frame; a C++ exception is noted for show_failure().
template <typename Work>
void in_frame(packet_info* pinfo, Work&& work) noexcept {
    if (const char* failure = failure_of(work)) note_failure(pinfo, failure);
}

template <auto kDissect>
struct DissectorShell;
template <int (*kDissect)(tvbuff_t*, packet_info*, proto_tree*)>
struct DissectorShell<kDissect> {
    static int call(tvbuff_t* tvb, packet_info* pinfo, proto_tree* tree, void*) noexcept {
        int taken = static_cast<int>(tvb_captured_length(tvb));
        in_frame(pinfo, [&] { taken = kDissect(tvb, pinfo, tree); });
        return taken;
    }
};
/// The same for a dissector: an exception is noted, and the frame counts as dissected.
template <auto kDissect>
inline constexpr auto dissector_shell = &DissectorShell<kDissect>::call;

}  // namespace seamark
