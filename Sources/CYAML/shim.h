// Where an event begins and what it says are members of unions, which are read through these.
#pragma once
#include <yaml.h>

static inline const unsigned char *oomwarden_yaml_text(const yaml_event_t *event) { return event->data.scalar.value; }
static inline size_t oomwarden_yaml_length(const yaml_event_t *event) { return event->data.scalar.length; }
static inline int oomwarden_yaml_is_plain(const yaml_event_t *event) {
    return event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
}
