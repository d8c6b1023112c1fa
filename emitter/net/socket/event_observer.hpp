// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <cstdint>

#include "net/socket/call_observer.hpp"
#include "net/socket/kernel_look.hpp"
#include "record/event_recorder.hpp"
#include "record/record_mode.hpp"

namespace seamark::net {

/// The connection as it is on the wire: an IPv4 address mapped into IPv6 becomes an IPv4 one.
record::Connection to_connection(const boost::asio::ip::tcp::endpoint& own,
                                 const boost::asio::ip::tcp::endpoint& peer);

/// Turns the calls on one connection into events: counts stream offsets and knows the options in
/// force. Borrows the recorder. Used by the thread that makes the calls, from the first on.
class EventObserver : public CallObserver {
  public:
    enum class Side { client, server };

    /// `number` counts the process's connections, from 1. What `mode` adds to the calls is asked of
    /// the kernel right after each, by calls that wait for nothing.
    EventObserver(record::EventRecorder& recorder, const record::Connection& connection,
                  std::uint32_t number, Side side, record::RecordMode mode = {});

    void on_open(int descriptor, Call call, const CallTimes& times) noexcept override;
    void on_send(const SendCall& call) noexcept override;
    void on_receive(const ReceiveCall& call) noexcept override;
    void on_option(const OptionCall& call) noexcept override;
    void on_upper(const UpperCall& call) noexcept override;
    void on_close(Call call, const CallTimes& times) noexcept override;

  private:
    void record(IoEvent& event, EventKind kind, Call call, const CallTimes& times) noexcept;
    void note_congestion(IoEvent& event) const;
    void record_stamps() noexcept;

    record::EventRecorder& recorder_;
    record::Connection connection_;
    IoEvent common_;  ///< what all events of the connection have in common
    record::RecordMode mode_;
    TransmitStamps stamps_;
    std::uint64_t sent_ = 0;
    std::uint64_t received_ = 0;
    std::uint64_t upper_sent_ = 0;      ///< plaintext
    std::uint64_t upper_received_ = 0;  ///< plaintext
};

}  // namespace seamark::net
