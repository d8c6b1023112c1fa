// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/server/body.hpp"

#include <utility>

#include "plan/memory_needed.hpp"
#include "plan/plan_builder.hpp"
#include "plan/random_plan.hpp"
#include "plan/script_plan.hpp"

namespace seamark::net {

using plan::Coding;
using plan::EmitOptions;
using plan::Framing;
using plan::OptionError;

std::variant<Body, OptionError> Body::of(const EmitOptions& options, const FileFolder& files) {
    Body body;
    if (options.file.empty()) {
        body.sources_.push_back(
            std::make_unique<plan::PayloadSource>(options.writes, options.size, options.events));
    } else {
        auto file = files.open(options.file);
        if (auto* allowed = std::get_if<std::string>(&file)) {
            return OptionError{"file", options.file, std::move(*allowed)};
        }
        body.sources_.push_back(std::make_unique<FileSource>(std::move(std::get<OpenFile>(file))));
    }
    if (auto error = plan::check_length(options, body.source().length())) return *std::move(error);

    const std::uint64_t length = body.source().length();
    const bool with_length = options.framing == Framing::content_length;
    body.memory_ = plan::memory_needed(options, length);
    body.largest_write_ = plan::largest_write(options, length);
    if (options.coding != Coding::none) {
        body.sources_.push_back(std::make_unique<plan::CodedSource>(body.source(), options.coding,
                                                                    options.flush_every));
        if (with_length) {
            const std::uint64_t parts = (length + options.size - 1) / options.size;
            auto stored = std::make_unique<plan::StoredSource>(
                body.source(), options.size,
                plan::coded_bound(length, parts, options.file.empty()));
            body.stored_ = stored.get();
            body.sources_.push_back(std::move(stored));
        }
    } else if (with_length) {
        body.content_length_ = length;
    }
    if (options.seed) {
        body.writes_ = std::make_unique<plan::RandomPlan>(options, length);
    } else {
        body.writes_ = std::make_unique<plan::PlanBuilder>(options, body.source());
    }
    return body;
}

Body::Body(plan::Script script) : script_(std::make_unique<plan::Script>(std::move(script))) {
    sources_.push_back(std::make_unique<plan::ScriptSource>(*script_));
    writes_ = std::make_unique<plan::ScriptPlan>(*script_);
    if (script_->framing == Framing::content_length) content_length_ = script_->data;
    memory_ = plan::memory_needed(*script_);
    largest_write_ = plan::largest_write(*script_);
}

bool Body::make_ready(std::uint64_t& work) {
    if (!stored_) return true;
    if (!stored_->store(work)) return false;
    content_length_ = stored_->stored();
    return true;
}

}  // namespace seamark::net
