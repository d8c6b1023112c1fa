// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "net/server/file_folder.hpp"
#include "plan/body_source.hpp"
#include "plan/coded_source.hpp"
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

    /// Does in advance what must be done before the head can show the length, as far as `work` goes
    /// (see plan::BodySource::advance()), and takes it off. Whether all of that is done. Throws
    /// plan::BodyError.
    bool make_ready(std::uint64_t& work);

    /// Where its framing shows the length, and make_ready() need not be called or has been, to the
    /// end.
    std::optional<std::uint64_t> content_length() const { return content_length_; }

    /// Bytes that it takes at most while it is written.
    std::uint64_t memory() const { return memory_; }

    /// Bytes that its largest write has at most, head and framing included.
    std::uint64_t largest_write() const { return largest_write_; }

    /// Null if it is of no plan.
    const plan::Script* script() const { return script_.get(); }

  private:
    Body() = default;

    std::unique_ptr<plan::Script> script_;
    std::vector<std::unique_ptr<plan::BodySource>> sources_;  ///< each reads from the one before it
    std::unique_ptr<plan::WriteSequence> writes_;
    plan::StoredSource* stored_ = nullptr;  ///< of the sources, where all is made ready beforehand
    std::optional<std::uint64_t> content_length_;
    std::uint64_t memory_ = 0;
    std::uint64_t largest_write_ = 0;
};

}  // namespace seamark::net
