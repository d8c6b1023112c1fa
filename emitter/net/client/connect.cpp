// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/client/connect.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <cerrno>
#include <memory>
#include <stdexcept>
#include <system_error>
#include <thread>

#include "plan/number_text.hpp"

namespace seamark::net {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

/// What the thread and the one that waits for it share.
struct Lookup {
    Lookup() : done(::eventfd(0, EFD_CLOEXEC)) {
        if (done < 0) throw std::system_error(errno, std::system_category(), "eventfd");
    }
    ~Lookup() { ::close(done); }
    Lookup(const Lookup&) = delete;
    Lookup& operator=(const Lookup&) = delete;

    int done;  ///< readable when the rest is there
    std::vector<tcp::endpoint> found;
    boost::system::error_code error;
};

void look_up(Lookup& lookup, const HttpUrl& url) {
    asio::io_context context{1};
    for (const auto& entry : tcp::resolver(context).resolve(url.host, url.port, lookup.error)) {
        lookup.found.push_back(entry.endpoint());
    }
    ::eventfd_write(lookup.done, 1);
}

}  // namespace

std::vector<tcp::endpoint> addresses_of(const HttpUrl& url, WaitLimits& limits) {
    boost::system::error_code no_address;
    const auto address = asio::ip::make_address(url.host, no_address);
    if (!no_address) return {{address, plan::read_number<std::uint16_t>(url.port).value()}};

    const auto lookup = std::make_shared<Lookup>();
    std::thread([lookup, url] { look_up(*lookup, url); }).detach();
    limits.for_peer(lookup->done, POLLIN, "the address of " + url.host + " was not found");
    if (!lookup->error && !lookup->found.empty()) return lookup->found;
    throw std::runtime_error("cannot find the address of " + url.host + ": " +
                             lookup->error.message() +
                             ". Check the spelling, or give the address itself");
}

int connect_to(tcp::socket& socket, const tcp::endpoint& peer, WaitLimits& limits) {
    socket.native_non_blocking(true);
    const int descriptor = socket.native_handle();
    if (::connect(descriptor, peer.data(), static_cast<socklen_t>(peer.size())) == 0) return 0;
    if (errno != EINPROGRESS && errno != EINTR) return errno;
    limits.for_peer(descriptor, POLLOUT,
                    "no connection to " + peer.address().to_string() + " was established");
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size);
    return error;
}

}  // namespace seamark::net
