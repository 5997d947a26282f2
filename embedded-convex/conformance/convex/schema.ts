import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

export default defineSchema({
  counters: defineTable({ name: v.string(), value: v.number() }).index("by_name", ["name"]),
  messages: defineTable({
    run: v.string(),
    channel: v.string(),
    body: v.string(),
    rank: v.number(),
    note: v.optional(v.string()),
  })
    .index("by_channel", ["run", "channel", "rank"])
    .searchIndex("search_body", { searchField: "body", filterFields: ["run"] }),
  mixed: defineTable({ run: v.string(), value: v.any() }).index("by_value", ["run", "value"]),
  pairs: defineTable({
    run: v.string(),
    key: v.string(),
    half: v.union(v.literal("a"), v.literal("b")),
  }).index("by_run", ["run", "key"]),
  bulk: defineTable({ run: v.string(), value: v.any() }).index("by_run", ["run"]),
  links: defineTable({ run: v.string(), counter: v.id("counters"), tags: v.array(v.string()) }),
  events: defineTable({ run: v.string(), what: v.string() }).index("by_run", ["run"]),
});
