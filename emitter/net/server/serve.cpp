// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/server/serve.hpp"

#include <malloc.h>

#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdio>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <utility>
#include <vector>

#include "file/input_file.hpp"
#include "net/server/open_files.hpp"
#include "net/server/resources.hpp"
#include "net/server/server.hpp"
#include "net/socket/event_observer.hpp"
#include "net/tls/identity.hpp"
#include "net/tls/tls_context.hpp"
#include "plan/plan_parser.hpp"
#include "plan/response_head.hpp"
#include "record/event_recorder.hpp"

namespace seamark::net {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

std::string remedy(const boost::system::error_code& error, const tcp::endpoint& endpoint) {
    const std::string port = std::to_string(endpoint.port());
    if (error == asio::error::address_in_use) {
        return "another program listens there. Choose another port with --port, or any free one "
               "with --port 0; `ss -ltnp 'sport = :" +
               port + "'` shows who has it";
    }
    if (error == asio::error::access_denied) {
        return "ports below 1024 are for root. Choose one from 1024 on with --port";
    }
    if (error == boost::system::errc::address_not_available) {
        return "this machine does not have that address. `ip address` shows those it has";
    }
    return error.message();
}

/// Begins to record, or says why it cannot: the server serves either way.
void record_to(std::optional<record::EventRecorder>& recorder, const std::string& path,
               bool secrets) {
    const auto report = [](const std::string& what) {
        to_standard_error("seamark serve: " + what);
    };
    try {
        recorder.emplace(record::RecorderSettings{
            .path = path,
            .program = "seamark serve",
            .application = std::string(plan::server_name()),
            .hold = secrets ? record::hold_for_secrets : std::chrono::milliseconds{0},
            .report = report});
    } catch (const std::system_error& e) {
        report(record::recording_failure(path, e.code().value()) + "; serving unrecorded");
    }
}

/// Opens the folder and reads the plan. Throws std::runtime_error with the option and the remedy.
void load(Resources& resources, const ServeOptions& options) {
    if (!options.files.empty()) {
        try {
            resources.files.open_folder(options.files);
        } catch (const std::system_error& e) {
            throw std::runtime_error("--files " + options.files + ": " + e.code().message() +
                                     ". A folder that can be read is wanted");
        }
    }
    if (options.plan.empty()) return;
    std::string text;
    try {
        text = file::read_input(options.plan, plan::longest_plan);
    } catch (const std::runtime_error& e) {
        throw std::runtime_error("--plan " + options.plan + ' ' + e.what());
    }
    const auto parsed = plan::parse_plan(text, {});
    if (const auto* error = std::get_if<plan::PlanError>(&parsed)) {
        throw std::runtime_error(plan::to_text(*error, options.plan));
    }
    resources.plan = std::move(text);
    resources.plan_name = options.plan;
}

constexpr std::size_t longest_pem = 1 << 20;

std::string read_pem(const std::string& option, const std::string& path) {
    try {
        return file::read_input(path, longest_pem);
    } catch (const std::runtime_error& e) {
        throw std::runtime_error(option + ' ' + path + ' ' + e.what());
    }
}

/// Throws std::runtime_error with the option and the remedy.
Identity identity_of(const ServeOptions& options, const asio::ip::address& address) {
    if (!options.certificate.empty()) {
        const std::string certificate = read_pem("--cert", options.certificate);
        const std::string key = read_pem("--key", options.key);
        try {
            return Identity::read(certificate, key);
        } catch (const std::runtime_error& e) {
            throw std::runtime_error("--cert " + options.certificate + " --key " + options.key +
                                     ": " + e.what());
        }
    }
    std::vector<std::string> names{"localhost", "127.0.0.1", "::1"};
    const bool zoned = address.is_v6() && address.to_v6().scope_id() != 0;
    if (!address.is_unspecified() && !address.is_loopback() && !zoned) {
        names.push_back(address.to_string());
    }
    names.insert(names.end(), options.host_names.begin(), options.host_names.end());
    return Identity::self_made(names);
}

/// How a client comes to believe the certificate.
void introduce(const Identity& identity, const ServeOptions& options, const tcp::endpoint& endpoint,
               const Log& log) {
    const std::string print = ", SHA-256 " + identity.fingerprint();
    if (!options.certificate.empty())
        return log.note("certificate of " + options.certificate + print);
    auto shown = endpoint;  // where it can be reached
    if (shown.address().is_unspecified()) {
        shown.address(shown.address().is_v6() ? asio::ip::address(asio::ip::address_v6::loopback())
                                              : asio::ip::address_v4::loopback());
    }
    log.note(
        "self-made certificate, for this run" + print +
        ". No client believes it by itself: `curl -k` and `seamark get --insecure` do not ask; "
        "`openssl s_client -connect " +
        to_text(shown) +
        " </dev/null | openssl x509 >seamark.pem` saves it for `curl --cacert seamark.pem` "
        "(--cert and --key show one of your own)");
}

/// What connections are to speak; nothing: HTTP in clear. Throws std::runtime_error.
std::optional<TlsContext> tls_of(const ServeOptions& options,
                                 const std::optional<Identity>& identity,
                                 record::EventRecorder* recorder, const Log& log) {
    if (!identity) return std::nullopt;
    TlsContext context = TlsContext::server(*identity, options.tls_most);
    if (options.tls_keys && recorder) {
        context.log_secrets([recorder](std::string_view line) { recorder->record_secret(line); });
        log.warn("--tls-keys: the secrets of each connection are written to " + recorder->path() +
                 "; whoever has that file and a capture can read what was sent");
    }
    return context;
}

ObserverFactory observe_with(record::EventRecorder& recorder, record::RecordMode mode) {
    return [&recorder, mode, number = 0U](const tcp::endpoint& own,
                                          const tcp::endpoint& peer) mutable {
        return std::make_unique<EventObserver>(recorder, to_connection(own, peer), ++number,
                                               EventObserver::Side::server, mode);
    };
}

void close(record::EventRecorder& recorder, const Log& log) {
    const auto [recorded, dropped] = recorder.close();
    const std::string line = "recorded " + std::to_string(recorded) + " events in " +
                             recorder.path() + ", dropped " + std::to_string(dropped);
    dropped > 0 ? log.warn("seamark serve: " + line) : log.note(line);
}

/// Waits for SIGINT and SIGTERM: the first stops the server, the second cuts it short.
void watch(asio::signal_set& signals, Server& server, const Log& log, bool first) {
    signals.async_wait([&, first](const boost::system::error_code& error, int signal) {
        if (error) return;
        const std::string name = signal == SIGINT ? "SIGINT" : "SIGTERM";
        if (!first) return server.cut("the server was stopped by a second " + name);
        log.note(name + ": stopping");
        watch(signals, server, log, false);
        server.stop([&signals] { signals.cancel(); });
    });
}

}  // namespace

int serve(const ServeOptions& options) {
    // A log or an output pipe that no one reads any more must not end the server.
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);  // nor a record that has reached `ulimit -f`
    // What a large response took goes back to the system when it ends. (glibc would raise this by
    // itself, up to 32 MiB.)
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
    const Log log(to_standard_error, options.quiet);

    boost::system::error_code error;
    const auto address = asio::ip::make_address(options.address, error);
    if (error) {
        log.warn("seamark serve: --address " + options.address +
                 " is not an IP address, such as 127.0.0.1, ::1 or 0.0.0.0");
        return 1;
    }
    const tcp::endpoint endpoint(address, options.port);
    Resources resources;
    resources.tls = options.tls;
    std::optional<Identity> identity;
    try {
        load(resources, options);
        if (options.tls) identity.emplace(identity_of(options, address));
    } catch (const std::runtime_error& e) {
        log.warn(std::string("seamark serve: ") + e.what());
        return 1;
    }
    std::optional<record::EventRecorder> recorder;  // outlives the sessions of the context
    std::optional<TlsContext> tls;                  // likewise
    asio::io_context context(1);
    asio::signal_set signals(context, SIGINT, SIGTERM);
    std::optional<Server> server;
    if (!options.events.empty()) record_to(recorder, options.events, options.tls_keys);
    try {
        if (auto made = tls_of(options, identity, recorder ? &*recorder : nullptr, log)) {
            tls.emplace(*std::move(made));
        }
        server.emplace(
            context, endpoint,
            ServerSettings{.grace = options.grace,
                           .idle = options.idle,
                           .max_connections = options.max_connections,
                           .max_memory = options.max_memory << 20,
                           .host_names = options.host_names,
                           .observe = recorder ? observe_with(*recorder, options.mode) : nullptr,
                           .tls = tls ? &*tls : nullptr,
                           .resources = &resources},
            log);
    } catch (const boost::system::system_error& e) {
        log.warn("seamark serve: cannot listen on " + to_text(endpoint) + ": " +
                 remedy(e.code(), endpoint));
        return 1;
    } catch (const std::runtime_error& e) {
        log.warn(std::string("seamark serve: ") + e.what());
        return 1;
    }
    if (!address.is_loopback() && !options.private_network) {
        log.warn("seamark serve: " + to_text(server->endpoint()) +
                 " can be reached from other machines");
    }
    std::printf("listening on %s://%s/  (Ctrl-C stops)\n", options.tls ? "https" : "http",
                to_text(server->endpoint()).c_str());
    std::fflush(stdout);
    if (identity) introduce(*identity, options, server->endpoint(), log);
    constexpr std::uint64_t own_files = 16;
    const std::uint64_t files = raise_open_files();
    if (files < options.max_connections + own_files) {
        log.warn("seamark serve: it may open " + std::to_string(files) +
                 " files, too few for --max-connections " +
                 std::to_string(options.max_connections) +
                 "; `ulimit -Hn` shows the limit, which root can raise");
    }

    server->start();
    watch(signals, *server, log, true);
    context.run();
    if (recorder) close(*recorder, log);
    return 0;
}

}  // namespace seamark::net
