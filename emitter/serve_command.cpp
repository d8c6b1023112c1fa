// SPDX-License-Identifier: GPL-2.0-or-later
#include "serve_command.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "net/server/authority.hpp"
#include "net/server/serve.hpp"
#include "plan/duration_text.hpp"
#include "plan/escaped.hpp"
#include "plan/help_page.hpp"
#include "record_option.hpp"

namespace seamark {
namespace {

constexpr const char* examples = R"(Examples:
  seamark serve                     listen on http://127.0.0.1:8080/
  seamark serve --port 0 --quiet    on any free port, for a script: the line on standard
                                    output says which
  curl --raw -i 'http://127.0.0.1:8080/emit?writes=3'
                                    three writes, with their chunk sizes and tags
  curl -N 'http://127.0.0.1:8080/emit?writes=20&size=32&gap=200ms'
                                    twenty writes of 32 bytes, 200 ms apart

  seamark serve --tls               the same over https: curl -k https://127.0.0.1:8080/emit

A browser shows all of this at http://127.0.0.1:8080/

)";

/// An option whose value is a duration with a unit, from `least` to an hour.
void add_duration(Command& command, const std::string& name, std::chrono::milliseconds& to,
                  std::chrono::milliseconds least, const std::string& what) {
    command
        .add_option(
            name,
            [&to, least, name](const std::string& text) {
                const auto value = plan::parse_duration(text);
                if (!value || *value < least || *value > std::chrono::hours{1}) {
                    refuse(name, "\"" + text + "\" is not a duration from " + plan::to_text(least) +
                                     " to 3600s with a unit (ms, s), such as 500ms or 5s");
                }
                to = std::chrono::duration_cast<std::chrono::milliseconds>(*value);
            },
            what + " (default " + plan::to_text(to) + ")")
        .option_text("TIME");
}

/// What is said of TLS has to go together.
void check_tls(const net::ServeOptions& options) {
    if (!options.tls) {
        for (const auto& [name, given] : {std::pair{"--cert", !options.certificate.empty()},
                                          std::pair{"--key", !options.key.empty()},
                                          std::pair{"--tls-max", options.tls_most_given},
                                          std::pair{"--tls-keys", options.tls_keys}}) {
            if (given) refuse(name, "says something of TLS: add --tls");
        }
    }
    if (options.certificate.empty() != options.key.empty()) {
        refuse(options.key.empty() ? "--cert" : "--key",
               "--cert FILE and --key FILE go together; without both, a certificate is made");
    }
    if (options.tls_keys && options.events.empty()) {
        refuse("--tls-keys", "writes secrets into the file of the events: add --events FILE");
    }
}

}  // namespace

void add_serve_command(CommandLine& app, std::function<int()>& run) {
    const auto options = std::make_shared<net::ServeOptions>();
    Command command = app.add_subcommand(
        "serve", "Serve HTTP responses that are cut into just the pieces you ask for");
    command
        .add_option("--address", options->address,
                    "IP address to listen on (default 127.0.0.1); 0.0.0.0 or :: lets other "
                    "machines in")
        .option_text("IP");
    command
        .add_number("--port", options->port, 0, 65535,
                    "TCP port (default 8080); 0 picks a free one")
        .option_text("PORT");
    command
        .add_option(
            "--host-name", options->host_names,
            "Answer to this name too where a connection arrives at a loopback address; there only "
            "localhost, *.localhost and addresses are served, others get a 421 (DNS rebinding). "
            "May be given several times")
        .option_text("NAME")
        .one_value_each();
    command.add_flag("--quiet", options->quiet, "Log only what goes wrong");
    command
        .add_flag("--private-network", options->private_network,
                  "The address is of a network without other machines: no warning (for the lab)")
        .group("");
    add_duration(command, "--grace", options->grace, std::chrono::milliseconds{0},
                 "How long responses under way may go on after Ctrl-C or SIGTERM before they are "
                 "cut; a second signal cuts them at once");
    add_duration(command, "--idle-timeout", options->idle, std::chrono::milliseconds{100},
                 "Close a connection when its client sends no request, or reads nothing, for so "
                 "long");
    command
        .add_number("--max-connections", options->max_connections, 1, 1000000,
                    "Answer further connections with a 503 (default 100)")
        .option_text("N");
    command
        .add_number("--max-memory", options->max_memory, 1, 1048576,
                    "MiB that large responses may take together (default 128); a further one is "
                    "answered with a 503")
        .option_text("MIB");
    command
        .add_option("--events", options->events,
                    "Record each write, read and option in this pcapng file, to be merged with a "
                    "capture (mergecap)")
        .option_text("FILE");
    command
        .add_option("--files", options->files,
                    "Folder whose files /emit?file=NAME serves, and from which /emit?plan=NAME "
                    "takes plans")
        .option_text("DIR");
    command
        .add_option("--plan", options->plan,
                    "Carry out the plan in this file at each /emit that asks for no other")
        .option_text("FILE");
    add_record_option(command, options->mode).needs("--events");
    command.add_flag(
        "--tls", options->tls,
        "Speak TLS (https): with a certificate that is made for this run, unless --cert "
        "and --key name one. /emit?record=N then cuts what is written into records");
    command
        .add_option("--cert", options->certificate,
                    "Certificate for --tls, a PEM file, with those of its chain after it")
        .option_text("FILE");
    command.add_option("--key", options->key, "Its private key, a PEM file without a password")
        .option_text("FILE");
    command
        .add_option(
            "--tls-max",
            [options](const std::string& text) {
                if (text != "1.2" && text != "1.3")
                    refuse("--tls-max", plan::in_quotes(text) + " is not one of 1.2, 1.3");
                options->tls_most = text == "1.2" ? net::TlsVersion::v1_2 : net::TlsVersion::v1_3;
                options->tls_most_given = true;
            },
            "Highest version of TLS that is spoken (default 1.3)")
        .option_text("1.2|1.3");
    command.add_flag("--tls-keys", options->tls_keys,
                     "Write the secrets of each connection into the file of --events, so that a "
                     "capture that is merged with it opens decrypted; never written without this");
    command.footer(examples + ("Parameters of /emit:\n" + plan::parameter_help()));
    command.callback([options, &run] {
        for (const std::string& name : options->host_names)
            if (!net::is_host_name(name))
                refuse("--host-name", plan::in_quotes(name) +
                                          " is not a host name, such as app.test: letters, "
                                          "digits, \"-\", \"_\" and dots, without a port");
        check_tls(*options);
        run = [options] { return net::serve(*options); };
    });
}

}  // namespace seamark
