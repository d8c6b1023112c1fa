// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/emission.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <span>
#include <utility>

#include "plan/plan_builder.hpp"
#include "plan/write_encoder.hpp"

namespace seamark::net {

namespace asio = boost::asio;

namespace {

// Others wait for at most so much work: some 0.2 ms for small writes, and about the cost of one
// large one otherwise.
constexpr unsigned writes_in_a_row = 256;
constexpr std::uint64_t bytes_in_a_row = 256UL * 1024;

}  // namespace

asio::awaitable<EmissionEnd> emit_body(WritePort& port, asio::steady_timer& timer, const Cut& cut,
                                       const plan::EmitOptions& options, std::string head) {
    EmissionEnd end;
    plan::PlanBuilder plan(options);
    plan::PlannedWrite write;
    plan::WriteEncoder encoder(options.tag, std::move(head));
    unsigned writes = 0;
    std::uint64_t volume = 0;

    while (plan.next(write)) {
        if (cut.requested) {
            // no wait, which nobody would end
        } else if (write.pause.count() > 0) {
            timer.expires_after(write.pause);
            co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
            writes = 0;
            volume = 0;
        } else if (++writes > writes_in_a_row || volume > bytes_in_a_row) {
            co_await asio::post(timer.get_executor(), asio::use_awaitable);
            writes = 1;
            volume = 0;
        }
        end.cut = cut.requested;
        if (end.cut) break;

        const std::span<const char> bytes = encoder.encode(write, port.next_index());
        volume += bytes.size();
        // Most writes are taken whole at once; a coroutine for each of them would cost more than it
        // does.
        const bool more = options.more && !plan.done();
        const auto [taken, error] = options.gather
                                        ? port.send_gathered(bytes, encoder.part_ends(), more)
                                        : port.send(bytes, more);
        end.error = error;
        if (taken < bytes.size() && (error == 0 || error == EAGAIN)) {
            end.error = co_await port.send_all(bytes.subspan(taken), more);
        }
        if (end.error != 0) break;
        if (write.number != 0) end.data_writes = write.number;
    }
    co_return end;
}

}  // namespace seamark::net
