// SPDX-License-Identifier: GPL-2.0-or-later
#include "stats/next_steps.hpp"

namespace seamark {
namespace {

class ShellSteps final : public NextSteps {
  public:
    std::string_view trial(Cause cause) const override {
        switch (cause) {
            case Cause::kCork:
                return "seamark lab cork --emit cork=0";
            case Cause::kMore:
                return "seamark lab more --emit more=0";
            case Cause::kCwnd:
                return "seamark lab cwnd --delay 2ms --emit gap=10ms";
            case Cause::kRwnd:
                return "seamark lab rwnd --rcvbuf 0 --read-size 65536 --pace 0";
            case Cause::kAutocork:
                return "seamark lab autocork --card-rate 0";
            case Cause::kNagle:
                return "seamark lab nagle --emit 'nodelay=1&gap=6ms'";
            case Cause::kPacing:
                return "seamark lab pacing --emit 'pacing=&gap=5ms'";
            case Cause::kMss:
                return "seamark lab mss --mtu 9000";
            case Cause::kGso:
                return "seamark lab gso --server-offloads none";
            case Cause::kSlow:
            case Cause::kWaited:
                return "seamark lab slow-reader --pace 0";
            default:  // no scenario of the lab is for it
                return {};
        }
    }
    std::string_view turn_off(Cause cause) const override {
        switch (cause) {
            case Cause::kNagle:
                return "seamark serve: /emit?nodelay=1&gap=20ms";
            case Cause::kGso:
                return "ethtool -K DEVICE tso off gso off";
            case Cause::kGro:
                return "ethtool -K DEVICE gro off";
            default:
                return {};
        }
    }
    std::string_view turn_off_offloads() const override {
        return "ethtool -K DEVICE tso off gso off gro off";
    }
    std::string_view larger_capture_buffer() const override { return "dumpcap -B 64"; }
    std::string_view record_writes() const override {
        return "seamark trace -o events.pcapng -- COMMAND for any program, or seamark serve "
               "--events events.pcapng; then mergecap both files.";
    }
    std::string_view record_reads() const override {
        return "seamark trace -- CLIENT, or seamark get --events FILE URL.";
    }
    std::string_view give_secrets() const override {
        return "SSLKEYLOGFILE=keys.log curl … (or Node's --tls-keylog, or any client that writes "
               "such a file), then editcap --inject-secrets tls,keys.log IN.pcapng OUT.pcapng";
    }
    std::string_view ask_for_http1() const override { return "curl --http1.1"; }
    std::string show_lanes(std::uint32_t stream) const override {
        return "tshark -q -r FILE -z 'seamark,lanes,tcp.stream==" + std::to_string(stream) + "'";
    }
};

}  // namespace

const NextSteps& shell_steps() {
    static const ShellSteps steps;
    return steps;
}

}  // namespace seamark
