// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lab/forwarder.hpp"
#include "lab/packet_capture.hpp"
#include "lab/settings.hpp"

namespace seamark::lab {

/// A network namespace that this process made or was in; owns the descriptor that keeps it. An
/// empty one stands for the one that everybody is in already.
class Namespace {
  public:
    Namespace() = default;
    static Namespace current();
    /// Makes one, and enters it. Throws std::system_error.
    static Namespace make();
    ~Namespace();
    Namespace(Namespace&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    Namespace& operator=(Namespace&& other) noexcept {
        std::swap(descriptor_, other.descriptor_);
        return *this;
    }

    int descriptor() const { return descriptor_; }
    /// Its inode number, by which the kernel tells it from others; nothing of an empty one.
    std::optional<std::uint32_t> number() const;
    void enter() const;  ///< the calling thread

  private:
    int descriptor_ = -1;
};

/// One card that can be captured.
struct Card {
    std::string host;   ///< "server", "client", "proxy"
    std::string name;   ///< in its host
    std::string words;  ///< MTU, offloads, congestion control as they are in force
    const Namespace* where;
    Place side;  ///< of its leg it is the end that serves, or that asks; both where it is either
};

/// The hosts and what joins them, as the settings say: made in the network namespace that the
/// caller is in and in others beneath it, all gone with the process. On a loopback link all hosts
/// are one. With a proxy there are three, and what makes a cable slow or bad is between the proxy
/// and the client. Throws std::system_error whose text says what could not be set.
class Network {
  public:
    /// For a namespace of the lab's own.
    explicit Network(const Settings& settings);

    /// The machine's own loopback, untouched.
    struct ThisHost {};
    explicit Network(ThisHost);

    const Namespace& server() const { return server_; }
    const Namespace& client() const { return one_host_ ? server_ : client_; }
    const Namespace& proxy() const { return one_host_ ? server_ : proxy_; }
    /// Those of the namespaces of all hosts, each once; none where the host is the machine itself.
    std::vector<std::uint32_t> numbers() const;
    const std::string& address() const { return address_; }  ///< of the server
    const std::string& proxy_address() const { return proxy_address_; }
    const std::vector<Card>& cards() const { return cards_; }
    const std::string& words() const { return words_; }  ///< the whole in a sentence
    Forwarder::Count forwarded() const { return cable_ ? cable_->count() : Forwarder::Count{}; }

    Network(const Network&) = delete;
    Network& operator=(const Network&) = delete;

  private:
    void join_by_loopback(const Settings& settings);
    void join_by_cable(const Settings& settings);
    void add_card(const char* host, const Namespace& where, const std::string& name,
                  const std::string& congestion, Place side);
    /// A card of a host at one end of a cable.
    struct Plug {
        const char* host;
        const Namespace* where;
        const char* card;
        const char* address;
        unsigned own_prefix;
        const char* reaches;  ///< the network that the card reaches
        unsigned prefix;
        const Offloads* offloads;
        Place side;
    };
    /// The server's side first.
    void lay_cable(const Plug& one, const Plug& other, bool through_forwarder, std::uint32_t mtu);
    void plug_in(const Plug& plug, const Plug& peer, const Settings& settings);

    Namespace base_;
    Namespace server_;
    Namespace client_;
    Namespace proxy_;
    bool one_host_ = true;
    std::string address_ = "127.0.0.1";
    std::string proxy_address_ = "127.0.0.1";
    std::vector<Card> cards_;
    std::string words_;
    std::unique_ptr<Forwarder> cable_;
};

/// True if a program listens on this TCP port in the namespace that the calling thread is in.
bool is_listening(std::uint16_t port);

}  // namespace seamark::lab
