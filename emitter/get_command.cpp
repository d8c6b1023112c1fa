// SPDX-License-Identifier: GPL-2.0-or-later
#include "get_command.hpp"

#include <memory>
#include <string>

#include "net/client/client.hpp"
#include "plan/duration_text.hpp"
#include "plan/escaped.hpp"
#include "record_option.hpp"

namespace seamark {
namespace {

constexpr std::chrono::seconds longest_pace{60};
constexpr std::chrono::hours longest_wait{1};

constexpr const char* examples = R"(Examples:
  seamark get 'http://127.0.0.1:8080/emit?writes=20'
                                    the body, and a line that sums up the reads
  seamark get -o discard --read-size 100 --pace 10ms --events reads.pcapng URL
                                    a slow reader: 100 bytes at a time, each read recorded
  seamark get --insecure https://127.0.0.1:8080/emit
                                    the same over TLS, from `seamark serve --tls`
  mergecap -w all.pcapng capture.pcapng reads.pcapng
                                    puts the reads among the packets

Exit status: 0 if the response is whole (whatever its status code), 1 if not.
)";

/// An option whose value is a duration with a unit, up to `most`.
void add_duration(Command& command, const std::string& name, std::chrono::microseconds& to,
                  std::chrono::microseconds most, const std::string& what) {
    command
        .add_option(
            name,
            [&to, most, name](const std::string& text) {
                const auto value = plan::parse_duration(text);
                if (!value || *value > most) {
                    refuse(name, plan::in_quotes(text) + " is not a duration from 0 to " +
                                     plan::to_text(most) +
                                     " with a unit (us, ms, s), such as 10ms");
                }
                to = *value;
            },
            what + " (default " + plan::to_text(to) + ")")
        .option_text("TIME");
}

}  // namespace

void add_get_command(CommandLine& app, std::function<int()>& run) {
    const auto options = std::make_shared<net::GetOptions>();
    Command command =
        app.add_subcommand("get", "Get a URL by reads of the size and pace you ask for");
    command.add_option("url", options->url, "What to get: http[s]://HOST[:PORT]/PATH")
        .option_text("URL")
        .required();
    command
        .add_number("--requests", options->requests, 1, 100000,
                    "Get it so often, one after another on one connection (default 1)")
        .option_text("N");
    command
        .add_number("--read-size", options->read_size, 1, 16 * 1024 * 1024,
                    "Bytes that each read asks for, at most 16777216 (default 65536)")
        .option_text("N");
    add_duration(command, "--pace", options->pace, longest_pace,
                 "Pause between one read and the next");
    add_duration(
        command, "--timeout", options->timeout, longest_wait,
        "How long to wait for the server: for its name, for a connection, for the whole head "
        "of a response, and for more of a body. 0 waits for ever");
    add_duration(
        command, "--max-time", options->max_time, longest_wait,
        "How long it may take in all, a body that arrives drop by drop included; 0 sets no "
        "limit");
    command
        .add_number("--rcvbuf", options->receive_buffer, 1, 1 << 30,
                    "Ask the kernel for a receive buffer of so many bytes (SO_RCVBUF); it takes "
                    "twice as many, and 2304 at least")
        .option_text("N");
    command
        .add_option(
            "-o,--output",
            [options](const std::string& where) {
                if (where.empty()) refuse("-o", "wants the name of a file");
                options->discard = where == "discard";
                options->output = options->discard || where == "-" ? "" : where;
            },
            "Where the body goes: a file, \"discard\", or standard output (default). A file that "
            "is "
            "there already is replaced when the first byte of the body has arrived, not before")
        .option_text("FILE|discard");
    command
        .add_option("--events", options->events,
                    "Record each read and write in this pcapng file, to be merged with a capture "
                    "(mergecap)")
        .option_text("FILE");
    command.add_flag("--insecure", options->insecure,
                     "Over https, go on whatever certificate the server shows");
    command
        .add_option("--cacert", options->authorities,
                    "Over https, believe the certificates in this PEM file and those that they "
                    "signed, in place of the system's")
        .option_text("FILE");
    command.add_flag("--tls-keys", options->tls_keys,
                     "Write the connection's secrets into the file of --events, so that a capture "
                     "that is merged with it opens decrypted; never written without this");
    command.add_flag("--quiet", options->quiet, "Say only what goes wrong");
    add_record_option(command, options->mode).needs("--events");
    command.footer(examples);
    command.callback([options, &run] {
        if (options->insecure && !options->authorities.empty())
            refuse("--cacert",
                   "says whom to believe, and --insecure believes any: give one of them");
        if (options->tls_keys && options->events.empty())
            refuse("--tls-keys", "writes secrets into the file of the events: add --events FILE");
        run = [options] { return net::get(*options); };
    });
}

}  // namespace seamark
