// What a mirror is called where nobody has chosen a name.

export const mirrorNameOf = (prefix: string, sourceTopic: string): string => `${prefix}${sourceTopic}`;

/** Kafka's longest topic name. */
export const TOPIC_NAME_AT_MOST = 249;

/** Said by AutoCreateMirror and by the preview of its filters. */
export const topicExistsMessage = (topic: string, destination: string): string =>
  `A topic ${topic} stands on ${destination} already, and is not taken over by itself. Add it by hand if it is an exact beginning of its source; otherwise delete it there, or exclude it.`;
