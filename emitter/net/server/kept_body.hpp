// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/optional.hpp>
#include <cstdint>
#include <string>

#include "plan/plan_parser.hpp"

namespace seamark::net {

/// A request's body as Beast reads it, of which no more is kept than shows that it is too long for
/// a plan; the rest is dropped.
struct KeptBody {
    using value_type = std::string;

    class reader {
      public:
        template <bool IsRequest, typename Fields>
        reader(boost::beast::http::header<IsRequest, Fields>&, std::string& kept) : kept_(kept) {}

        void init(const boost::optional<std::uint64_t>&, boost::beast::error_code& error) {
            error = {};
        }

        template <typename Buffers>
        std::size_t put(const Buffers& buffers, boost::beast::error_code& error) {
            error = {};
            std::size_t taken = 0;
            for (const auto buffer : boost::beast::buffers_range_ref(buffers)) {
                const std::size_t room = plan::longest_plan + 1 - kept_.size();
                kept_.append(static_cast<const char*>(buffer.data()),
                             std::min(buffer.size(), room));
                taken += buffer.size();
            }
            return taken;
        }

        void finish(boost::beast::error_code& error) { error = {}; }

      private:
        std::string& kept_;
    };
};

}  // namespace seamark::net
