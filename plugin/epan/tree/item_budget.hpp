// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>

#include "platform/wireshark.hpp"

namespace seamark {

/// How many items this plugin may still add to the tree of a frame. When a tree has more than
/// gui.max_tree_items, libwireshark takes that for an endless loop: it reports a bug of the
/// dissector, and what others would add is lost too. A segment of 64 KiB can hold 10,000 chunks,
/// each with a tag of 1,024 writes.
class ItemBudget {
  public:
    /// tree: any item of the frame's tree; null: nothing is drawn, and nothing is left out.
    explicit ItemBudget(proto_tree* tree) : tree_(tree) {
        if (tree == nullptr) return;
        // Half is enough for 30,000 chunks; the last fourth is left for others, and for the lists
        // of what was begun last.
        const unsigned all = prefs.gui_max_tree_items;
        most_ = std::min(used() + all / 2, all - all / 4);
    }

    /// Whether there is room for one more thing that this plugin lists (a chunk, a call, a verdict,
    /// a message), which may take some thousand items. Where there is not, it counts as left out.
    bool takes_another() {
        if (full()) ++left_out_;
        return !full();
    }
    bool full() const { return tree_ != nullptr && (used() >= most_ || too_many_idle()); }
    unsigned left_out() const { return left_out_; }
    /// What there was no room for: a limit that no preference moves.
    bool too_many_idle() const { return ws::idle_items(*PTREE_DATA(tree_)) >= kMostIdle; }

  private:
    unsigned used() const { return PTREE_DATA(tree_)->count; }

    static constexpr unsigned kMostIdle = 25000;  // half of what there may be, as above

    proto_tree* tree_;
    unsigned most_ = 0;
    unsigned left_out_ = 0;
};

}  // namespace seamark
