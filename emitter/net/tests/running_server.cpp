// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/tests/running_server.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <functional>

namespace seamark::testing {
namespace {

using namespace std::chrono_literals;

class Recorder : public net::CallObserver {
  public:
    explicit Recorder(std::function<void(const net::SendCall&)> to) : to_(std::move(to)) {}
    void on_send(const net::SendCall& call) noexcept override { to_(call); }

  private:
    std::function<void(const net::SendCall&)> to_;
};

/// Asks again and again until the answer is yes, for at most 5 s.
template <typename Question>
bool eventually(const Question& question) {
    for (int i = 0; i < 1000; ++i) {
        if (question()) return true;
        std::this_thread::sleep_for(5ms);
    }
    return false;
}

net::ServerSettings with(net::ServerSettings settings, net::ObserverFactory observe) {
    settings.observe = std::move(observe);
    settings.host_names.emplace_back("test");  // as tests call it that send a head of their own
    return settings;
}

}  // namespace

RunningServer::RunningServer(net::ServerSettings settings)
    : log_(
          [this](std::string_view line) {
              const std::lock_guard lock(mutex_);
              lines_.emplace_back(line);
          },
          false),
      server_(context_, {boost::asio::ip::address_v4::loopback(), 0},
              with(std::move(settings),
                   [this](const auto&, const auto& peer) {
                       return std::make_unique<Recorder>(
                           [this, port = peer.port()](const net::SendCall& call) {
                               const std::lock_guard lock(mutex_);
                               calls_[port].push_back(call);
                           });
                   }),
              log_) {
    server_.start();
    thread_ = std::thread([this] {
        context_.run();
        const std::lock_guard lock(mutex_);
        ended_ = true;
    });
}

// NOLINTNEXTLINE(bugprone-exception-escape): a test that has no memory to post with ends
RunningServer::~RunningServer() {
    boost::asio::post(context_, [this] {
        server_.stop([] {});
        server_.cut("the test is over");
    });
    thread_.join();
}

std::vector<net::SendCall> RunningServer::calls(std::uint16_t client_port, std::uint64_t bytes) {
    std::vector<net::SendCall> calls;
    eventually([&] {
        const std::lock_guard lock(mutex_);
        calls = calls_[client_port];
        std::uint64_t taken = 0;
        for (const auto& call : calls) {
            if (call.returned > 0) taken += static_cast<std::uint64_t>(call.returned);
        }
        return taken >= bytes;
    });
    return calls;
}

std::string RunningServer::log_line(const std::vector<std::string>& parts) {
    std::string found;
    eventually([&] {
        const std::lock_guard lock(mutex_);
        for (const std::string& line : lines_) {
            if (std::all_of(parts.begin(), parts.end(), [&](const std::string& part) {
                    return line.find(part) != std::string::npos;
                })) {
                found = line;
            }
        }
        return !found.empty();
    });
    return found;
}

void RunningServer::stop() {
    boost::asio::post(context_, [this] { server_.stop([] {}); });
}

void RunningServer::behind_a_stall(std::function<void(net::Server&)> what) {
    boost::asio::post(context_, [this, what = std::move(what)] {
        std::this_thread::sleep_for(100ms);
        boost::asio::post(context_, [this, what] { what(server_); });
    });
}

bool RunningServer::ended() {
    return eventually([&] {
        const std::lock_guard lock(mutex_);
        return ended_;
    });
}

}  // namespace seamark::testing
