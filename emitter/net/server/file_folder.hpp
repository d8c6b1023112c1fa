// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "plan/body_source.hpp"

namespace seamark::net {

/// A regular file that is open for reading. Owns the descriptor.
class OpenFile {
  public:
    OpenFile(int descriptor, std::uint64_t size) : descriptor_(descriptor), size_(size) {}
    ~OpenFile();
    OpenFile(OpenFile&& other) noexcept;
    OpenFile& operator=(OpenFile&&) = delete;

    int descriptor() const { return descriptor_; }
    std::uint64_t size() const { return size_; }  ///< when it was opened

  private:
    int descriptor_;
    std::uint64_t size_;
};

/// The one folder whose files the server hands out (`--files DIR`). Only what is right in it: a
/// name has no slash, symbolic links are not followed, and what is no regular file is refused.
class FileFolder {
  public:
    FileFolder() = default;
    ~FileFolder();
    FileFolder(const FileFolder&) = delete;
    FileFolder& operator=(const FileFolder&) = delete;

    /// Called once. Throws std::system_error where it is no folder that can be read.
    void open_folder(const std::string& path);

    /// The file, or what would be allowed instead: a phrase that goes on from "Allowed: ".
    std::variant<OpenFile, std::string> open(const std::string& name) const;

  private:
    int folder_ = -1;  ///< none: every name is refused
};

/// The whole of a small text file, such as a plan. Throws plan::BodyError.
std::string read_all(const OpenFile& file);

/// The bytes of a file as a body. Reads as it goes; a file that has become shorter is a BodyError.
class FileSource : public plan::BodySource {
  public:
    explicit FileSource(OpenFile file) : file_(std::move(file)) {}
    std::uint64_t length() const override { return file_.size(); }
    char* put(char* at, std::uint64_t length) override;

  private:
    OpenFile file_;
    std::uint64_t offset_ = 0;
};

}  // namespace seamark::net
