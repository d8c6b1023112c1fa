// SPDX-License-Identifier: GPL-2.0-or-later
#include "lab/extcap.hpp"

#include <algorithm>
#include <stdexcept>
#include <variant>

#include "lab/scenario.hpp"
#include "plan/emit_options.hpp"
#include "plan/escaped.hpp"

namespace seamark::lab {
namespace {

constexpr std::string_view emit_prefix = "emit-";
constexpr std::string_view lab_prefix = "lab-";  // Wireshark has a --capture of its own
constexpr std::string_view unchanged = "-";
constexpr std::string_view standard_scenario = "nagle";

/// Braces would end the value that the text stands in, and a line end its sentence.
std::string fit(std::string_view text) {
    std::string out = plan::printable(text, true);
    std::replace(out.begin(), out.end(), '{', '(');
    std::replace(out.begin(), out.end(), '}', ')');
    std::replace(out.begin(), out.end(), '\n', ' ');
    return out;
}

std::string part(std::string_view name, std::string_view value) {
    return '{' + std::string(name) + '=' + fit(value) + '}';
}

std::string capital(std::string_view name) {
    std::string text(name);
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z')
        text[0] = static_cast<char>(text[0] - 32);
    std::replace(text.begin(), text.end(), '-', ' ');
    return text;
}

/// The text of one field: its sentence, and one for each choice.
std::string sentences(const Field& field, std::size_t number) {
    const std::string index = std::to_string(number);
    std::string text = "arg " + part("number", index) + part("call", "--" + field.call) +
                       part("display", field.display) +
                       part("type", field.is_file           ? "fileselect"
                                    : field.choices.empty() ? "string"
                                                            : "selector") +
                       part("tooltip", field.tooltip) +
                       (field.group.empty() ? "" : part("group", field.group));
    if (field.choices.empty()) {
        if (field.is_file) {
            text += part("mustexist", "false");
        } else if (!field.group.empty()) {
            text += part("placeholder", "as the scenario says");
        }
        if (!field.value.empty()) text += part("default", field.value);
        return text + '\n';
    }
    text += part("default", field.value) + '\n';
    for (const auto& choice : field.choices) {
        std::string display = choice == unchanged ? "as the scenario says" : choice;
        if (const BuiltIn* scenario = field.call == "scenario" ? find_built_in(choice) : nullptr)
            display += ": " + parse_scenario(scenario->text, choice).title;
        text += "value " + part("arg", index) + part("value", choice) + part("display", display) +
                part("default", choice == field.value ? "true" : "false") + '\n';
    }
    return text;
}

Field field_of(std::string call, std::string_view name, std::string_view group,
               std::string_view meaning, std::string_view allowed) {
    Field field{.call = std::move(call),
                .display = capital(name),
                .tooltip = std::string(meaning) + " Allowed: " + std::string(allowed) + '.',
                .group = std::string(group),
                .value = "",
                .choices = choices_in(allowed)};
    if (!field.choices.empty()) {
        field.choices.insert(field.choices.begin(), std::string(unchanged));
        field.value = unchanged;
    }
    return field;
}

}  // namespace

std::vector<std::string> choices_in(std::string_view allowed) {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789.";
    std::vector<std::string> words;
    while (true) {
        const auto end = std::min(allowed.find(", "), allowed.size());
        const auto word = allowed.substr(0, end);
        if (word.empty() || word.find_first_not_of(letters) != std::string_view::npos) return {};
        words.emplace_back(word);
        if (end == allowed.size()) break;
        allowed.remove_prefix(end + 2);
    }
    return words.size() > 1 ? words : std::vector<std::string>{};
}

std::vector<Field> dialog_fields() {
    std::vector<Field> fields;
    Field scenario{.call = "scenario",
                   .display = "Scenario",
                   .tooltip =
                       "What is to be seen. The other fields change what it sets; seamark lab "
                       "NAME --explain says what that is.",
                   .group = "Scenario",
                   .value = std::string(standard_scenario),
                   .choices = {}};
    for (const auto& one : built_in_scenarios()) scenario.choices.emplace_back(one.name);
    fields.push_back(std::move(scenario));
    for (const plan::Parameter& one : plan::emit_parameters())
        fields.push_back(field_of(std::string(emit_prefix) + std::string(one.name), one.name,
                                  "Response", one.meaning, one.allowed));
    for (const Setting& one : all_settings())
        if (one.name != "emit")
            fields.push_back(field_of(std::string(lab_prefix) + std::string(one.name), one.name,
                                      one.group, one.meaning, one.allowed));
    return fields;
}

std::string extcap_interfaces(std::string_view version) {
    return "extcap " + part("version", version) + part("display", "Seamark") + "\ninterface " +
           part("value", lab_interface) + part("display", "Seamark lab") + "\ninterface " +
           part("value", loopback_interface) +
           part("display", "Seamark: loopback and recorded calls") + '\n';
}

std::string extcap_dlts() {
    // Several link types in one pcapng; this is the one that Wireshark shows beforehand.
    return "dlt {number=1}{name=EN10MB}{display=Ethernet, and write and read calls}\n";
}

std::vector<Field> loopback_fields() {
    const auto file = [](const char* call, const char* display, const char* tooltip) {
        return Field{.call = call,
                     .display = display,
                     .tooltip = tooltip,
                     .group = "",
                     .value = "",
                     .choices = {},
                     .is_file = true};
    };
    return {file("events", "Events of the server",
                 "The file that a running recorder writes to: seamark serve --events FILE, or "
                 "seamark trace -o FILE -- COMMAND. It may begin later."),
            file("more-events", "Events of the client",
                 "The same for another program: seamark get --events FILE, or seamark trace. May "
                 "be left empty."),
            Field{.call = "only-port",
                  .display = "TCP port",
                  .tooltip = "Capture this TCP port only. Allowed: a whole number from 1 to 65535; "
                             "empty for all.",
                  .group = "",
                  .value = "",
                  .choices = {}}};
}

FollowRun follow_from_dialog(const std::map<std::string, std::string>& values) {
    FollowRun run;
    for (const char* call : {"events", "more-events"})
        if (const auto it = values.find(call); it != values.end() && !it->second.empty())
            run.files.push_back(it->second);
    if (run.files.empty())
        throw std::runtime_error(
            "no file of events is named. Start a recorder, such as seamark serve --events "
            "events.pcapng in a folder of yours, and choose its file in the dialog of the "
            "gear");
    const auto port = values.find("only-port");
    if (port == values.end() || port->second.empty()) return run;
    Settings settings;
    if (!find_setting("port")->read(port->second, settings))
        throw std::runtime_error(
            "TCP port: " + plan::in_quotes(port->second) +
            " is not allowed. Allowed: " + std::string(find_setting("port")->allowed));
    run.port = settings.port;
    return run;
}

std::string extcap_config(const std::vector<Field>& fields) {
    std::string text;
    std::size_t number = 0;
    for (const Field& field : fields) text += sentences(field, number++);
    return text;
}

Settings settings_from_dialog(const std::map<std::string, std::string>& values) {
    const auto value_of = [&](const std::string& call) -> std::string {
        const auto it = values.find(call);
        return it == values.end() || it->second == unchanged ? "" : it->second;
    };
    std::string name = value_of("scenario");
    if (name.empty()) name = standard_scenario;
    const BuiltIn* const scenario = find_built_in(name);
    if (!scenario) throw std::runtime_error("there is no scenario " + plan::in_quotes(name));
    Settings settings = parse_scenario(scenario->text, name);

    std::string query;
    for (const plan::Parameter& one : plan::emit_parameters()) {
        const std::string value = value_of(std::string(emit_prefix) + std::string(one.name));
        if (!value.empty()) query += '&' + std::string(one.name) + '=' + value;
    }
    for (const Setting& one : all_settings()) {
        const std::string value =
            one.name == "emit" ? query : value_of(std::string(lab_prefix) + std::string(one.name));
        if (!value.empty() && !one.read(value, settings))
            throw std::runtime_error(capital(one.name) + ": " + plan::in_quotes(value) +
                                     " is not allowed. Allowed: " + std::string(one.allowed));
    }
    if (!settings.server.empty() && query.empty()) settings.emit.clear();
    if (auto wrong = check_together(settings)) throw std::runtime_error(*wrong);
    return settings;
}

}  // namespace seamark::lab
