// Reads a topic of DeepTweet's with Confluent's own registry client and kafkajs, and prints a JSON object a line:
//   node consumer.mjs BROKERS REGISTRY TOPIC COUNT
import { SchemaRegistryClient, AvroDeserializer, SerdeType } from '@confluentinc/schemaregistry';
import { Kafka, logLevel } from 'kafkajs';

const [brokers, registry, topic, count] = process.argv.slice(2);
const deserializer = new AvroDeserializer(new SchemaRegistryClient({ baseURLs: [registry] }), SerdeType.VALUE, {});
const kafka = new Kafka({ brokers: brokers.split(','), clientId: 'stranger', logLevel: logLevel.ERROR });
const consumer = kafka.consumer({ groupId: `stranger-${process.pid}-${Date.now()}`, readUncommitted: false });

let left = Number(count);
await consumer.connect();
await consumer.subscribe({ topic, fromBeginning: true });
const done = new Promise((resolve, reject) => {
  consumer.run({
    eachMessage: async ({ message }) => {
      try {
        if (left <= 0) return;
        const value = await deserializer.deserialize(topic, message.value);
        console.log(JSON.stringify({ key: message.key.toString(), ...value }, (name, field) => (typeof field === 'bigint' ? Number(field) : field)));
        if (--left === 0) resolve();
      } catch (e) {
        reject(e);
      }
    },
  });
});
await done;
await consumer.disconnect();
