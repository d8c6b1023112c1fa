// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "core/event/io_event.hpp"

namespace seamark::net {

/// When a call was made and when it came back: wall clock, because captures use it. Not set where
/// no one observes.
struct CallTimes {
    std::chrono::system_clock::time_point entered = {};
    std::chrono::system_clock::time_point returned_at = {};
};

/// One call of send() or sendmsg(), as it was made and as it came back.
struct SendCall {
    Call call = Call::kSend;
    bool more = false;          ///< with MSG_MORE
    std::uint64_t index = 0;    ///< of the write, from 1 on its connection; 0 if it took nothing
    std::size_t requested = 0;  ///< bytes asked
    std::int64_t returned = 0;  ///< bytes taken, or -1
    int error = 0;              ///< errno where returned is -1, else 0
    CallTimes times = {};
};

/// The same of recv(). `returned` is 0 where the peer has ended its stream.
struct ReceiveCall {
    std::uint64_t index = 0;
    std::size_t requested = 0;
    std::int64_t returned = 0;
    int error = 0;
    CallTimes times = {};
};

/// One call of setsockopt(), which did what it should.
struct OptionCall {
    int level = 0;
    int name = 0;
    int value = 0;  ///< of SO_LINGER: the seconds; of TCP_CONGESTION: the name's first 4 bytes
    CallTimes times = {};
};

/// One call above the socket, into TLS or out of it, that moved bytes. `returned` counts plaintext.
struct UpperCall {
    bool write = false;
    std::uint64_t index = 0;  ///< of the write or read above the socket, from 1
    std::size_t requested = 0;
    std::int64_t returned = 0;
    CallTimes times = {};
};

/// Is notified of each call on one connection, the failed ones too, right after it came back. Runs
/// on the thread that made the call, between one write and the next, so it should be quick.
class CallObserver {
  public:
    virtual ~CallObserver() = default;
    virtual void on_open([[maybe_unused]] int descriptor, [[maybe_unused]] Call call,
                         [[maybe_unused]] const CallTimes& times) noexcept {}
    virtual void on_send(const SendCall& call) noexcept = 0;
    virtual void on_receive(const ReceiveCall&) noexcept {}
    virtual void on_option(const OptionCall&) noexcept {}
    virtual void on_upper(const UpperCall&) noexcept {}
    /// By shutdown() of the way out, or close().
    virtual void on_close([[maybe_unused]] Call call,
                          [[maybe_unused]] const CallTimes& times) noexcept {}
};

/// The time, if somebody observes; a clock that no one looks at is not read.
inline std::chrono::system_clock::time_point time_for(const CallObserver* observer) {
    return observer ? std::chrono::system_clock::now() : std::chrono::system_clock::time_point{};
}

}  // namespace seamark::net
