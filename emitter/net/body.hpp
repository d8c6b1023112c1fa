// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "net/file_folder.hpp"
#include "plan/body_source.hpp"
#include "plan/emit_options.hpp"
#include "plan/script.hpp"
#include "plan/write_plan.hpp"

namespace seamark::net {

/// A body that is ready to be written: where its bytes come from, and the writes that carry them.
class Body {
  public:
    /// Of made-up bytes or a file, as `options` say.
    static std::variant<Body, plan::OptionError> of(const plan::EmitOptions& options,
                                                    const FileFolder& files);
    /// Of a plan.
    explicit Body(plan::Script script);

    plan::BodySource& source() { return *sources_.back(); }
    plan::WriteSequence& writes() { return *writes_; }

    /// Where its framing tells the length.
    std::optional<std::uint64_t> content_length() const { return content_length_; }

    /// Null if it is of no plan.
    const plan::Script* script() const { return script_.get(); }

  private:
    Body() = default;

    std::unique_ptr<plan::Script> script_;
    std::vector<std::unique_ptr<plan::BodySource>> sources_;  ///< each reads from the one before it
    std::unique_ptr<plan::WriteSequence> writes_;
    std::optional<std::uint64_t> content_length_;
};

}  // namespace seamark::net
